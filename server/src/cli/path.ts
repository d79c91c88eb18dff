import { mermaidText } from '../core/features/drawing/mermaid.ts';
import { textOutline } from '../core/features/drawing/outline.ts';
import { sceneOf } from '../core/features/drawing/scene.ts';
import { svgText } from '../core/features/drawing/svg.ts';
import { hopPath } from '../core/mesh/paths/hopPath.ts';
import type { HopPath } from '../core/mesh/paths/vocabulary.ts';
import { coreSettings } from '../coreSettings.ts';
import { caseOf } from '../pathAnswer.ts';
import type { PathAnswer } from '../protocol/path.ts';
import type { Parsed } from './options.ts';
import { hypothesisOf, questionsOf } from './questions.ts';
import { EXIT, type ExitCode, printable, type Terminal, UsageError } from './terminal.ts';
import { openWorkspace } from './workspace.ts';

/** `meshpath path`: the hop path of each request. */
export async function runPath(parsed: Parsed, terminal: Terminal): Promise<ExitCode> {
  const requests = await questionsOf(parsed, terminal);
  const format = parsed.values.get('format') ?? 'text';
  if (format === 'svg' && requests.length !== 1) throw new UsageError('--format svg draws one request at a time');
  const { settings, snapshot, files } = await openWorkspace(parsed, terminal);
  const context = { world: snapshot.world, settings: coreSettings(settings), hypothesis: hypothesisOf(parsed) };
  const paths = requests.map((request) => hopPath(context, request));
  if (format === 'json') {
    const answer: PathAnswer = { schema: 'meshpath-path/v1', cases: paths.map((path) => caseOf(path, files)) };
    terminal.write(`${JSON.stringify(answer, null, 2)}\n`);
  } else {
    terminal.write(paths.map((path) => draw(path, format)).join('\n'));
  }
  return EXIT.ok;
}

function draw(path: HopPath, format: string): string {
  const scene = sceneOf(path);
  switch (format) {
    case 'svg':
      return svgText(scene);
    case 'mermaid':
      return mermaidText(scene);
    default:
      return printable(textOutline(scene));
  }
}
