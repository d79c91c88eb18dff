// npm run bench: Meshpath beside yaml-language-server on the same generated files, in one interleaved run.
//   --quick                 fewer repetitions
//   --scenarios S5,S6       only these
//   --json FILE             every sample, for whoever wants to compute something else
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { failedChecks, type Measurements, measure, type Scenario } from './measurements.ts';
import { canReadProcesses } from './processFacts.ts';
import { report } from './report.ts';
import { completion, hover } from './scenarios/asking.ts';
import { hopPath } from './scenarios/hopPath.ts';
import { manyFilesAtOnce } from './scenarios/manyFiles.ts';
import { opening } from './scenarios/opening.ts';
import { startUp } from './scenarios/startUp.ts';
import { typing, typingInManyDocuments, typingInOneDocument } from './scenarios/typing.ts';
import { prepareServers } from './servers.ts';

const SCENARIOS: readonly Scenario[] = [
  startUp,
  opening,
  completion,
  hover,
  typing,
  typingInManyDocuments,
  typingInOneDocument,
  manyFilesAtOnce,
  hopPath,
];

const { values } = parseArgs({
  options: { quick: { type: 'boolean' }, scenarios: { type: 'string' }, json: { type: 'string' } },
});
const wanted = values.scenarios?.split(',');
const unknown = wanted?.filter((name) => !SCENARIOS.some((scenario) => scenario.name === name)) ?? [];
if (unknown.length > 0) {
  const known = SCENARIOS.map(({ name }) => name).join(', ');
  stop(`--scenarios: there is no ${unknown.join(', ')}; there are ${known}.`);
}
if (!canReadProcesses()) stop('Memory and processor time are read from /proc, which only Linux has.');

const build = spawnSync(process.execPath, ['scripts/build.mjs', '--release'], { stdio: 'inherit' });
if (build.status !== 0) process.exit(1);

const folder = mkdtempSync(path.join(tmpdir(), 'meshpath-bench-'));
try {
  const workspace = path.join(folder, 'workspace');
  mkdirSync(workspace);
  const setups = prepareServers(folder);
  const times = (full: number, quick: number) => (values.quick ? quick : full);
  const measurements: Measurements = { scenarios: [] };
  for (const scenario of SCENARIOS) {
    if (wanted && !wanted.includes(scenario.name)) continue;
    console.error(`${scenario.name}: ${scenario.title} …`);
    measurements.scenarios.push(await measure(scenario, { setups, workspace, times }));
  }
  const processors = `${cpus().length} × ${cpus()[0]?.model ?? 'unknown processor'}`;
  const conditions = { node: process.version, processors, setups };
  console.log(`\n${report(conditions, measurements)}`);
  const failed = failedChecks(measurements, setups[0]);
  if (failed.length > 0) {
    console.error(`\nThese figures do not count, because Meshpath answered wrongly:\n${failed.join('\n')}`);
    process.exitCode = 1;
  }
  if (values.json) writeFileSync(values.json, JSON.stringify({ ...conditions, ...measurements }));
} finally {
  rmSync(folder, { recursive: true });
}

function stop(message: string): never {
  console.error(message);
  process.exit(2);
}
