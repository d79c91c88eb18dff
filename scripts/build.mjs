// Bundles everything that runs into dist/.
//   node scripts/build.mjs             development: source maps, readable code
//   node scripts/build.mjs --release   minified, no source maps
//   node scripts/build.mjs --types     also the declarations of the library (dist/api.d.ts)
import { spawnSync } from 'node:child_process';
import { chmodSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { build } from 'esbuild';

const root = path.resolve(import.meta.dirname, '..');
const release = process.argv.includes('--release');
const modulesFirst = { mainFields: ['module', 'main'] };
const node = { ...modulesFirst, platform: 'node', format: 'cjs', target: 'node20.19' };
// For the browser esbuild resolves no module of Node's own, so that one import of node:fs fails the build.
const browser = { platform: 'browser', target: 'es2022' };

/** What runs where. The client never bundles `vscode`: the editor provides it. */
const targets = [
  { ...node, in: 'client/src/extension.ts', out: 'client.cjs', external: ['vscode'] },
  { ...browser, format: 'cjs', in: 'client/src/web.ts', out: 'client.web.cjs', external: ['vscode'] },
  { ...node, in: 'server/src/node.ts', out: 'server.cjs' },
  { ...browser, format: 'iife', in: 'server/src/worker.ts', out: 'server.worker.js' },
  { ...node, in: 'server/src/cli.ts', out: 'cli.cjs', banner: { js: '#!/usr/bin/env node' } },
  { ...modulesFirst, platform: 'neutral', format: 'esm', target: 'es2022', in: 'server/src/api.ts', out: 'api.js' },
];

const started = Date.now();
try {
  await Promise.all(targets.map(bundle));
} catch {
  // esbuild has printed what is wrong and where.
  process.exit(1);
}
chmodSync(path.join(root, 'dist/cli.cjs'), 0o755);
if (process.argv.includes('--types')) writeTypes();
const sizes = targets.map(({ out }) => `${out} ${Math.round(statSync(path.join(root, 'dist', out)).size / 1024)} KB`);
console.log(`Built in ${Date.now() - started} ms: ${sizes.join(', ')}`);

async function bundle({ in: entry, out, ...options }) {
  const outfile = path.join(root, 'dist', out);
  if (release) rmSync(`${outfile}.map`, { force: true });
  await build({
    ...options,
    absWorkingDir: root,
    entryPoints: [entry],
    outfile,
    bundle: true,
    minify: release,
    sourcemap: !release,
    logLevel: 'warning',
  });
}

/** The library's declarations are those that the compiler writes; one small file beside the bundle leads to them. */
function writeTypes() {
  const compiler = path.join(root, 'node_modules/typescript/bin/tsc');
  // From nothing, because the compiler leaves the declarations of files that are gone.
  rmSync(path.join(root, 'dist/types'), { recursive: true, force: true });
  const run = spawnSync(process.execPath, [compiler, '-b', '--force'], { cwd: root, stdio: 'inherit' });
  if (run.status !== 0) process.exit(1);
  writeFileSync(path.join(root, 'dist/api.d.ts'), "export * from './types/api.js';\n");
}
