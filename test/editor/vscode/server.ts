import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { createServer } from 'node:net';
import path from 'node:path';
import type { EditorHost } from './install.ts';
import type { Profile } from './profile.ts';

export interface EditorServer {
  port: number;
  /** What a page has to present. */
  token: string;
  /** Ends the server and its children. */
  stop(): Promise<void>;
}

const START_TIMEOUT_MS = 30_000;
const LISTENING = /Extension host agent listening on (\d+)/;

/** Installs a packaged extension into the profile. */
export function installExtension(host: EditorHost, profile: Profile, vsix: string): void {
  const args = [host.main, ...folderArguments(profile), '--install-extension', vsix, '--force'];
  const run = spawnSync(host.node, args, { encoding: 'utf8' });
  if (run.status === 0 && run.stdout.includes('successfully installed')) return;
  throw new Error(`VS Code did not install ${vsix}:\n${run.stdout}${run.stderr}`);
}

/**
 * Starts the server on the loopback address; port 0 lets the system choose one. Even there a page has to present a
 * token: without one, any page in any browser of this machine could drive the extension host.
 */
export async function startServer(host: EditorHost, profile: Profile, port = 0): Promise<EditorServer> {
  if (port !== 0) await assertFree(port);
  const token = randomBytes(16).toString('hex');
  const args = [host.main, '--host', '127.0.0.1', '--port', String(port), '--connection-token', token];
  args.push('--accept-server-license-terms', '--telemetry-level', 'off', '--disable-workspace-trust');
  args.push(...folderArguments(profile));
  // The server has children, so it gets a process group, and whatever ends this process ends the group.
  const child = spawn(host.node, args, { stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  const kill = () => killGroup(child);
  process.once('exit', kill);
  const stop = async () => {
    process.removeListener('exit', kill);
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    kill();
    await ended;
  };
  return { port: await portOf(child), token, stop };
}

/** The address of a window on `folder`, with `file` open in it; both are absolute paths. */
export function windowAddress(server: EditorServer, folder: string, file?: string): string {
  const address = new URL(`http://127.0.0.1:${server.port}/`);
  const payload = [
    ['skipWelcome', 'true'],
    ['skipReleaseNotes', 'true'],
  ];
  if (file) payload.push(['openFile', `vscode-remote://${address.host}${uriPath(file)}`]);
  address.searchParams.set('tkn', server.token);
  address.searchParams.set('folder', uriPath(folder));
  address.searchParams.set('payload', JSON.stringify(payload));
  return address.href;
}

function folderArguments(profile: Profile): string[] {
  return ['--server-data-dir', profile.data, '--extensions-dir', profile.extensions];
}

/** Waits until the server says where it listens. */
function portOf(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    let log = '';
    const fail = (what: string) => reject(new Error(`The VS Code server ${what}.\n${log}`));
    const timer = setTimeout(() => fail(`did not start in ${START_TIMEOUT_MS / 1000} s`), START_TIMEOUT_MS);
    const read = (chunk: Buffer) => {
      log += chunk.toString();
      const port = LISTENING.exec(log)?.[1];
      if (port === undefined) return;
      clearTimeout(timer);
      // The rest of the log is of no use, and kept it would grow as long as the window is open.
      for (const stream of [child.stdout, child.stderr]) stream?.removeAllListeners('data').resume();
      resolve(Number(port));
    };
    child.stdout?.on('data', read);
    child.stderr?.on('data', read);
    child.once('error', reject);
    child.once('exit', (code) => {
      clearTimeout(timer);
      fail(`ended with ${code}`);
    });
  });
}

function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(process.platform === 'win32' ? child.pid : -child.pid, 'SIGKILL');
  } catch {
    // The group is gone already.
  }
}

async function assertFree(port: number): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const probe = createServer();
    const inUse = `Port ${port} is in use. Name another one with --port, or none to get a free one.`;
    probe.once('error', () => reject(new Error(inUse)));
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve()));
  });
}

function uriPath(file: string): string {
  const slashed = file.split(path.sep).join('/');
  return slashed.startsWith('/') ? slashed : `/${slashed}`;
}
