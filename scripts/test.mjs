// npm test: everything that has to hold before a change is published, with one line of result at the end.
//   --only unit     build, types, style and the tests that need no browser
//   --only editor   build, and the tests in a browser: the pages of the extension, and a real VS Code
import { spawn } from 'node:child_process';
import path from 'node:path';
import process from 'node:process';
import { parseArgs, stripVTControlCharacters } from 'node:util';

const root = path.resolve(import.meta.dirname, '..');
const { values } = parseArgs({ options: { only: { type: 'string' } } });
if (values.only !== undefined && values.only !== 'unit' && values.only !== 'editor') {
  console.error(`--only ${values.only}: it is unit or editor.`);
  process.exit(2);
}

const bin = (...parts) => path.join(root, 'node_modules', ...parts);
const mocha = bin('mocha/bin/mocha.js');

/** `suite` steps count as the tests that they run; any other step counts when it fails. */
const steps = [
  { title: 'Build', script: path.join(root, 'scripts/build.mjs'), args: [] },
  { title: 'Types', script: bin('typescript/bin/tsc'), args: ['-b'], part: 'unit' },
  { title: 'Style', script: bin('@biomejs/biome/bin/biome'), args: ['check', '.'], part: 'unit' },
  { title: 'Tests', script: mocha, args: ['test/**/*.test.ts'], part: 'unit', suite: true },
  {
    title: 'Editor',
    script: mocha,
    args: ['--config', 'test/editor/.mocharc.json', 'test/webview/*.test.ts', 'test/editor/*.test.ts'],
    part: 'editor',
    suite: true,
  },
];

let passed = 0;
let failed = 0;
for (const step of steps) {
  if (values.only && step.part && step.part !== values.only) continue;
  console.log(`\n── ${step.title}`);
  const { code, output } = await run(step);
  const counts = step.suite ? countTests(output) : { passed: 0, failed: 0 };
  passed += counts.passed;
  // A step that ends badly without naming a failed test, as a suite that does not load, has failed all the same.
  failed += code !== 0 ? Math.max(1, counts.failed) : counts.failed;
  if (code !== 0 && step.title === 'Build') break;
}
console.log(`\n${passed} passed, ${failed} failed`);
process.exit(failed === 0 && passed > 0 ? 0 : 1);

/** Runs a step, shows what it prints, and keeps it. */
function run({ script, args }) {
  const color = process.stdout.isTTY ? { FORCE_COLOR: '1' } : {};
  const child = spawn(process.execPath, [script, ...args], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ...color },
  });
  return new Promise((resolve, reject) => {
    let output = '';
    child.stdout.on('data', (chunk) => {
      output += chunk;
      process.stdout.write(chunk);
    });
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, output }));
  });
}

/** Reads the summary of mocha. A skipped test counts as failed: what is not run holds nothing. */
function countTests(output) {
  const lines = stripVTControlCharacters(output);
  const last = (pattern) => Number([...lines.matchAll(pattern)].at(-1)?.[1] ?? 0);
  const skipped = last(/^\s+(\d+) pending\b/gm);
  return { passed: last(/^\s+(\d+) passing\b/gm), failed: last(/^\s+(\d+) failing\b/gm) + skipped };
}
