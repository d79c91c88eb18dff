// A real VS Code without a desktop. The packages of ../host hold its server and its browser workbench; this folder
// installs, starts and drives them. `npm start` and the editor tests share it.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';

export interface EditorHost {
  /** The script that starts the VS Code server. */
  main: string;
  /** The Node that runs it. */
  node: string;
}

const hostFolder = path.join(import.meta.dirname, '..', 'host');
const packages = path.join(hostFolder, 'node_modules');
const editorRoot = path.join(packages, 'code-server', 'lib', 'vscode');
const stampFile = path.join(packages, '.meshpath-lock');
const PROGRESS_MS = 5000;

/** Major and minor version of the oldest Node that runs the server: it needs `registerHooks` of `node:module`. */
const OLDEST_NODE = [22, 15] as const;

/** Installs the browser VS Code, unless the installed one already matches the lock file. `say` receives progress. */
export async function installHost(say: (line: string) => void): Promise<EditorHost> {
  const node = findNodeBeforeInstall();
  const stamp = createHash('sha256')
    .update(readFileSync(path.join(hostFolder, 'package-lock.json')))
    .digest('hex');
  if (!existsSync(stampFile) || readFileSync(stampFile, 'utf8') !== stamp) {
    const started = Date.now();
    say('Installing the browser VS Code from packages, once, about 145 MB …');
    await installPackages(() => say(`  … ${secondsSince(started)} s`));
    linkModules();
    writeFileSync(stampFile, stamp);
    say(`Installed the browser VS Code in ${secondsSince(started)} s.`);
  }
  return { main: path.join(editorRoot, 'out', 'server-main.js'), node };
}

async function installPackages(tick: () => void): Promise<void> {
  const ticker = setInterval(tick, PROGRESS_MS);
  try {
    await new Promise<void>((resolve, reject) => {
      const npm = spawn('npm', ['ci', '--ignore-scripts', '--loglevel=error'], {
        cwd: hostFolder,
        stdio: ['ignore', 'ignore', 'inherit'],
        shell: process.platform === 'win32',
      });
      npm.once('error', reject);
      npm.once('exit', (code) => {
        if (code === 0) resolve();
        else
          reject(new Error(`The browser VS Code could not be installed: npm ci in ${hostFolder} ended with ${code}.`));
      });
    });
  } finally {
    clearInterval(ticker);
  }
}

/** The page asks the server for some modules under the server's own node_modules: here that is the flat one above it. */
function linkModules(): void {
  const link = path.join(editorRoot, 'node_modules');
  rmSync(link, { recursive: true, force: true });
  symlinkSync(process.platform === 'win32' ? packages : '../../..', link, 'junction');
}

/** For Linux a recent Node is among the packages; elsewhere the one that runs this has to do. */
function findNodeBeforeInstall(): string {
  if (process.platform === 'linux' && (process.arch === 'x64' || process.arch === 'arm64')) {
    return path.join(packages, `node-linux-${process.arch}`, 'bin', 'node');
  }
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const [needMajor, needMinor] = OLDEST_NODE;
  if (major > needMajor || (major === needMajor && minor >= needMinor)) return process.execPath;
  throw new Error(
    `The browser VS Code needs Node ${OLDEST_NODE.join('.')} or newer on ${process.platform}, and this is ` +
      `${process.versions.node}. Install a newer Node, or put the \`code\` command of VS Code on the PATH.`,
  );
}

function secondsSince(start: number): number {
  return Math.round((Date.now() - start) / 1000);
}
