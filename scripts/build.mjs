// Bundles everything that runs into dist/.
//   node scripts/build.mjs             development: source maps, readable code
//   node scripts/build.mjs --release   minified, no source maps
//   node scripts/build.mjs --types     also the declarations of the library (dist/api.d.ts)
import { spawnSync } from 'node:child_process';
import { chmodSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { build } from 'esbuild';
import { targets } from './bundles.mjs';

const root = path.resolve(import.meta.dirname, '..');
const release = process.argv.includes('--release');

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
