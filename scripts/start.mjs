// npm start: builds Meshpath and opens VS Code with it.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { tsImport } from 'tsx/esm/api';

const usage = `npm start [-- [FOLDER] [--web] [--no-open] [--port N]]

  FOLDER     the folder to open (default: samples)
  --web      a VS Code in the browser even where the desktop one is installed
  --no-open  print the address of the browser VS Code, open nothing
  --port N   its port (default: a free one)

Example: npm start -- ../shop/deploy`;

const root = path.resolve(import.meta.dirname, '..');
const DESKTOPS = ['code', 'code-insiders', 'codium', 'cursor'];
/** Where the samples begin: faults show at once what Meshpath has to say. */
const FIRST_FILE = 'samples/faults/02-fields.yaml';

try {
  await start(readArguments());
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}

function readArguments() {
  const options = /** @type {const} */ ({
    web: { type: 'boolean', default: false },
    open: { type: 'boolean', default: true },
    port: { type: 'string', default: '0' },
    help: { type: 'boolean', short: 'h', default: false },
  });
  let parsed;
  try {
    parsed = parseArgs({ options, allowPositionals: true, allowNegative: true });
  } catch (error) {
    stop(2, `${error.message}\n\n${usage}`);
  }
  const { values, positionals } = parsed;
  if (values.help) stop(0, usage);
  if (positionals.length > 1) stop(2, `One folder at a time, not ${positionals.length}.\n\n${usage}`);
  const port = Number(values.port);
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    stop(2, `--port ${values.port}: a port is a number up to 65535.`);
  // npm runs scripts in the package's folder; INIT_CWD is where the user typed the command.
  const folder = path.resolve(process.env.INIT_CWD ?? process.cwd(), positionals[0] ?? path.join(root, 'samples'));
  if (!existsSync(folder) || !statSync(folder).isDirectory()) stop(2, `${folder} is not a folder.`);
  return { web: values.web, open: values.open, port, folder };
}

async function start({ web, open, port, folder }) {
  console.log('Building Meshpath …');
  const build = spawnSync(process.execPath, [path.join(root, 'scripts/build.mjs')], { stdio: 'inherit' });
  if (build.status !== 0) stop(1, 'The build failed.');
  const first = path.join(root, FIRST_FILE);
  const file = !path.relative(folder, first).startsWith('..') && existsSync(first) ? first : undefined;
  const desktop = web ? undefined : findDesktop();
  if (desktop) await openDesktop(desktop, folder, file);
  else await openInBrowser({ open, port, folder, file });
}

/** In the terminal of a remote window `code` talks to that window, and cannot open another with our extension. */
function findDesktop() {
  if (process.env.VSCODE_IPC_HOOK_CLI) return undefined;
  return DESKTOPS.find(isOnPath);
}

/** Opens a desktop window with an empty user of its own, so that nothing else takes part and nothing is left behind. */
async function openDesktop(command, folder, file) {
  const { createProfile } = await tsImport('../test/editor/vscode/profile.ts', import.meta.url);
  const profile = createProfile();
  const args = ['--new-window', `--extensionDevelopmentPath=${root}`];
  args.push('--user-data-dir', path.join(profile.data, 'data'), '--extensions-dir', profile.extensions);
  // The desktop refuses its sandbox to root.
  if (process.getuid?.() === 0) args.push('--no-sandbox');
  args.push(folder, ...(file ? [file] : []));
  console.log(`Opening ${folder} in ${command}. Its settings and data are in ${profile.root}.`);
  const windows = process.platform === 'win32';
  const child = spawn(command, windows ? args.map((argument) => `"${argument}"`) : args, {
    stdio: 'inherit',
    shell: windows,
  });
  child.once('error', (error) => stop(1, `${command} could not be started: ${error.message}`));
  child.once('exit', (code) => process.exit(code ?? 1));
}

async function openInBrowser({ open, port, folder, file }) {
  const [{ installHost }, { packageExtension }, { createProfile }, { installExtension, startServer, windowAddress }] =
    await Promise.all(
      ['install', 'package', 'profile', 'server'].map((name) =>
        tsImport(`../test/editor/vscode/${name}.ts`, import.meta.url),
      ),
    );
  const host = await installHost(console.log);
  const profile = createProfile();
  process.once('exit', () => profile.remove());
  // Both end the process the usual way, which stops the server and removes the profile.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => process.exit(0));
  console.log('Installing Meshpath into it …');
  installExtension(host, profile, packageExtension(profile.root));
  const server = await startServer(host, profile, port);
  const address = windowAddress(server, folder, file);
  console.log(
    `\n  ${folder} is open in VS Code at\n\n  ${address}\n\n  Ctrl+C ends it. Its settings and data are in ${profile.root} until then.\n`,
  );
  if (open) openAddress(address);
}

function openAddress(address) {
  const opener = { darwin: 'open', win32: 'explorer' }[process.platform] ?? 'xdg-open';
  const noBrowser = () => console.log('  No browser could be opened from here: open the address in one.\n');
  if (!isOnPath(opener)) return noBrowser();
  const child = spawn(opener, [address], { stdio: 'ignore', detached: true });
  child.once('error', noBrowser);
  child.once('exit', (code) => {
    // Explorer answers 1 even when it has opened the address.
    if (code !== 0 && process.platform !== 'win32') noBrowser();
  });
  child.unref();
}

function isOnPath(command) {
  const finder = process.platform === 'win32' ? 'where' : 'which';
  return spawnSync(finder, [command], { stdio: 'ignore' }).status === 0;
}

/** @returns {never} */
function stop(code, message) {
  (code === 0 ? console.log : console.error)(message);
  process.exit(code);
}
