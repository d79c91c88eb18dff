import type { RouteAnswer, RouteRequestJson } from '../../protocol/route.ts';
import { BOLD, DIM, GREEN, type Paint, paintFor, RED, YELLOW } from '../paint.ts';
import { printable, type Terminal } from '../terminal.ts';

type Rule = RouteAnswer['lost'][number] | NonNullable<RouteAnswer['match']>;

/** For people: the rule that wins, where it sends the request, and why the others do not win. */
export function formatRoute(
  { method, host, path }: RouteRequestJson,
  answer: RouteAnswer,
  terminal: Pick<Terminal, 'color'>,
): string {
  const paint = paintFor(terminal);
  const lines = [
    paint(BOLD, `${method} ${host}${path}`),
    ...outcomeLines(answer, paint),
    ...(answer.lost.length === 0 ? [] : ['  not chosen:']),
    ...answer.lost.map((rule) => `    ${nameOf(rule)} ${rule.why} ${paint(DIM, placeOf(rule))}`),
    ...answer.assume.map((text) => `  ${paint(DIM, `assumed: ${text}`)}`),
  ];
  return printable(`${lines.join('\n')}\n`);
}

function outcomeLines({ match, undecided, lost }: RouteAnswer, paint: Paint): string[] {
  if (undecided) {
    const named = `${undecided.resource} rule ${undecided.rule + 1}`;
    const place = `${undecided.place.file}:${undecided.place.range.start.line + 1}`;
    return [`  ${paint(YELLOW, 'unknown')}: files do not say whether ${named} matches ${paint(DIM, place)}`];
  }
  if (match) {
    const { destinations, answer } = match;
    return [
      `  ${paint(GREEN, nameOf(match))} wins ${paint(DIM, placeOf(match))}`,
      ...(answer ? [`    the proxy itself answers with HTTP ${answer.status} (${answer.kind})`] : []),
      ...(answer ? [] : destinationLines(destinations)),
    ];
  }
  return [
    lost.length === 0
      ? '  No route is for this host.'
      : `  ${paint(RED, 'no rule matches')}: the proxy answers with HTTP 404`,
  ];
}

function destinationLines(destinations: NonNullable<RouteAnswer['match']>['destinations']): string[] {
  const total = destinations.reduce((sum, { weight }) => sum + weight, 0);
  return destinations.map(({ host, subset, port, weight }) => {
    const share = total === 0 ? 0 : Math.round((weight * 1000) / total) / 10;
    return `    ${share}% to ${host}${port === null ? '' : `:${port}`}${subset === null ? '' : ` subset ${subset}`}`;
  });
}

/** Rules are counted from 1 on for people. */
function nameOf({ resource, rule }: Rule): string {
  return `${resource} rule ${rule + 1}`;
}

function placeOf({ place }: Rule): string {
  return `${place.file}:${place.range.start.line + 1}`;
}
