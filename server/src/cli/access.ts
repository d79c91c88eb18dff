import { accessMatrix } from '../core/mesh/paths/accessMatrix.ts';
import { hopPath } from '../core/mesh/paths/hopPath.ts';
import { coreSettings } from '../coreSettings.ts';
import { caseOf } from '../pathAnswer.ts';
import type { AccessAnswer, AccessMatrixAnswer, PathCase } from '../protocol/path.ts';
import { formatAccess } from './formats/access.ts';
import { formatMatrix } from './formats/matrix.ts';
import type { Parsed } from './options.ts';
import { hypothesisOf, questionsOf } from './questions.ts';
import { EXIT, type ExitCode, type Terminal } from './terminal.ts';
import { openWorkspace } from './workspace.ts';

/** `meshpath access`: whether requests are allowed, by what and why; with `--matrix`, who may call whom. */
export async function runAccess(parsed: Parsed, terminal: Terminal): Promise<ExitCode> {
  if (parsed.flags.has('matrix')) return runMatrix(parsed, terminal);
  const requests = await questionsOf(parsed, terminal);
  const { settings, snapshot, files } = await openWorkspace(parsed, terminal);
  const context = { world: snapshot.world, settings: coreSettings(settings), hypothesis: hypothesisOf(parsed) };
  const cases = requests.map((request) => caseOf(hopPath(context, request), files));
  const answer: AccessAnswer = { schema: 'meshpath-access/v1', cases };
  terminal.write(parsed.values.get('format') === 'json' ? json(answer) : formatAccess(cases, terminal));
  return isAsExpected(cases, parsed.values.get('expect')) ? EXIT.ok : EXIT.findings;
}

async function runMatrix(parsed: Parsed, terminal: Terminal): Promise<ExitCode> {
  const { settings, snapshot } = await openWorkspace(parsed, terminal);
  const context = { world: snapshot.world, settings: coreSettings(settings), hypothesis: hypothesisOf(parsed) };
  const method = parsed.values.get('method') ?? 'GET';
  const matrix = accessMatrix(context, { method: method.toUpperCase(), path: parsed.values.get('path') ?? '/' });
  const answer: AccessMatrixAnswer = {
    schema: 'meshpath-access/v1',
    matrix: {
      clients: [...matrix.clients],
      targets: matrix.targets.map((target) => ({ ...target })),
      outcomes: matrix.outcomes.map((row) => row.map((outcome) => ({ ...outcome }))),
    },
  };
  terminal.write(parsed.values.get('format') === 'json' ? json(answer) : formatMatrix(matrix, terminal));
  return EXIT.ok;
}

function isAsExpected(cases: readonly PathCase[], expected: string | undefined): boolean {
  return expected === undefined || cases.every(({ outcome }) => outcome.result === expected);
}

function json(answer: unknown): string {
  return `${JSON.stringify(answer, null, 2)}\n`;
}
