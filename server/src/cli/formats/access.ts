import type { PathCase } from '../../protocol/path.ts';
import { BOLD, DIM, GREEN, type Paint, paintFor, RED, YELLOW } from '../paint.ts';
import { printable, type Terminal } from '../terminal.ts';

const COLORS: Readonly<Record<PathCase['outcome']['result'], string>> = { allow: GREEN, deny: RED, unknown: YELLOW };

/** For people: the answer to each request, and the chain of reasons in the order of the path. */
export function formatAccess(cases: readonly PathCase[], terminal: Pick<Terminal, 'color'>): string {
  const paint = paintFor(terminal);
  return printable(cases.map((answer) => paragraph(answer, paint)).join('\n'));
}

function paragraph({ request, outcome, policies, nodes, assume, note }: PathCase, paint: Paint): string {
  const { result, by, at, signal } = outcome;
  const where = [by && `by ${by}`, at && `at ${at}`, signal && `(${signal})`].filter(Boolean).join(' ');
  const head = `${paint(COLORS[result], result)} ${paint(BOLD, requestText(request))}${where === '' ? '' : ` ${where}`}`;
  const order = new Map(nodes.map(({ id }, index) => [id, index]));
  const reasons = policies
    .toSorted((a, b) => (order.get(a.at ?? '') ?? nodes.length) - (order.get(b.at ?? '') ?? nodes.length))
    .map((policy) => {
      const place = `${policy.place.file}:${policy.place.range.start.line + 1}`;
      const reason = policy.reason === null ? '' : `: ${policy.reason}`;
      const at = policy.at === null ? '' : ` at ${policy.at}`;
      return `  ${policy.ref} is ${policy.verdict}${at}${reason} ${paint(DIM, place)}`;
    });
  const rest = [
    ...(note === undefined ? [] : [`  ${note}`]),
    ...assume.map((text) => `  ${paint(DIM, `assumed: ${text}`)}`),
  ];
  return `${[head, ...reasons, ...rest].join('\n')}\n`;
}

function requestText({ from, to, http }: PathCase['request']): string {
  const target =
    'service' in to
      ? `service ${to.service}:${to.port}`
      : 'pod' in to
        ? `pod ${to.pod}:${to.port}`
        : `${to.host}:${to.port}`;
  return `${from} to ${target}${http ? ` ${http.method} ${http.path}` : ''}`;
}
