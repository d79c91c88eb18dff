// Runs command lines inside the test's process, in a folder made for the test.
import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { main } from '../../server/src/cli/main.ts';

export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

export interface Folder {
  readonly path: string;
  run(...args: string[]): Promise<Ran>;
  runWith(options: RunOptions, ...args: string[]): Promise<Ran>;
  write(name: string, content: string | Uint8Array): Promise<string>;
}

export interface RunOptions {
  readonly stdin?: string | Uint8Array;
  readonly env?: Record<string, string>;
  readonly color?: boolean;
  /** Below the test's folder. */
  readonly cwd?: string;
}

/** Runs a test in a temporary folder that holds the given files. */
export async function inFolder(
  files: Readonly<Record<string, string | Uint8Array>>,
  test: (folder: Folder) => Promise<void>,
): Promise<void> {
  const path = await realpath(await mkdtemp(join(tmpdir(), 'meshpath-')));
  const write = async (name: string, content: string | Uint8Array) => {
    const file = join(path, name);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, content);
    return file;
  };
  const runWith = async (options: RunOptions, ...args: string[]): Promise<Ran> => {
    let out = '';
    let err = '';
    const code = await main(args, {
      cwd: join(path, options.cwd ?? ''),
      env: options.env ?? {},
      color: options.color ?? false,
      write: (text) => {
        out += text;
      },
      warn: (text) => {
        err += text;
      },
      readInput: async () =>
        typeof options.stdin === 'string'
          ? new TextEncoder().encode(options.stdin)
          : (options.stdin ?? new Uint8Array()),
    });
    return { code, out, err };
  };
  try {
    for (const [name, content] of Object.entries(files)) await write(name, content);
    // Settings of a folder above the temporary one must not reach the test.
    await mkdir(join(path, '.git'));
    await test({ path, write, runWith, run: (...args) => runWith({}, ...args) });
  } finally {
    await rm(path, { recursive: true, force: true });
  }
}

export const GOOD = `apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata:
  name: default
  namespace: shop
spec:
  mtls:
    mode: STRICT
`;
/** One error, with one fix. */
export const BAD = GOOD.replace('mode:', 'mod:');
/** One warning. */
export const ODD = GOOD.replace(' STRICT', '');
