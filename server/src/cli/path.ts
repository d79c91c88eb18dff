import { hopPath } from '../core/mesh/paths/hopPath.ts';
import { coreSettings } from '../coreSettings.ts';
import { caseOf } from '../pathAnswer.ts';
import type { PathAnswer } from '../protocol/path.ts';
import { formatAccess } from './formats/access.ts';
import type { Parsed } from './options.ts';
import { hypothesisOf, questionsOf } from './questions.ts';
import { EXIT, type ExitCode, type Terminal } from './terminal.ts';
import { openWorkspace } from './workspace.ts';

/** `meshpath path`: the hop path of each request. */
export async function runPath(parsed: Parsed, terminal: Terminal): Promise<ExitCode> {
  const requests = await questionsOf(parsed, terminal);
  const { settings, snapshot, files } = await openWorkspace(parsed, terminal);
  const context = { world: snapshot.world, settings: coreSettings(settings), hypothesis: hypothesisOf(parsed) };
  const cases = requests.map((request) => caseOf(hopPath(context, request), files));
  const answer: PathAnswer = { schema: 'meshpath-path/v1', cases };
  const json = parsed.values.get('format') === 'json';
  terminal.write(json ? `${JSON.stringify(answer, null, 2)}\n` : formatAccess(cases, terminal));
  return EXIT.ok;
}
