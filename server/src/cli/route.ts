import { routeAnswer } from '../routeAnswer.ts';
import { formatRoute } from './formats/route.ts';
import type { OptionSpec, Parsed } from './options.ts';
import { headersOf } from './questions.ts';
import { EXIT, type ExitCode, type Terminal, UsageError } from './terminal.ts';
import { openWorkspace } from './workspace.ts';

export const ROUTE_OPTIONS: Readonly<Record<string, OptionSpec>> = {
  host: { type: 'value' },
  method: { type: 'value' },
  path: { type: 'value' },
  header: { type: 'list' },
  config: { type: 'value' },
  format: { type: 'value', choices: ['text', 'json'] },
};

/** `meshpath route`: which rule of which route wins for a request, and where it sends it. */
export async function runRoute(parsed: Parsed, terminal: Terminal): Promise<ExitCode> {
  const { values, lists } = parsed;
  const host = values.get('host');
  const path = values.get('path') ?? '/';
  if (host === undefined) throw new UsageError('say which host is asked for with --host');
  if (!path.startsWith('/')) throw new UsageError(`--path must begin with a slash, not "${path}"`);
  const request = {
    host,
    path,
    method: (values.get('method') ?? 'GET').toUpperCase(),
    headers: headersOf(lists.get('header') ?? []),
  };
  const { snapshot, files } = await openWorkspace(parsed, terminal);
  const answer = routeAnswer(snapshot.world, request, files);
  terminal.write(
    values.get('format') === 'json' ? `${JSON.stringify(answer, null, 2)}\n` : formatRoute(request, answer, terminal),
  );
  return EXIT.ok;
}
