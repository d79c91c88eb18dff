import type { Range } from '../../checkAnswer.ts';
import type { Severity } from '../../core/schema/rule.ts';
import type { Finding, Findings } from '../findings.ts';
import { BLUE, BOLD, CYAN, DIM, type Paint, paintFor, RED, YELLOW } from '../paint.ts';
import { printable, type Terminal } from '../terminal.ts';

const COLORS: Readonly<Record<Severity, string>> = { error: RED, warning: YELLOW, info: BLUE, hint: CYAN };

/** For people: each finding with the line it is about, and the count at the end. */
export function formatText(findings: Findings, terminal: Pick<Terminal, 'color'>): string {
  const paint = paintFor(terminal);
  return [...findings.list.map((finding) => paragraph(finding, paint)), summary(findings, paint)].join('\n');
}

function paragraph(finding: Finding, paint: Paint): string {
  const { file, range, diagnostic, related } = finding;
  const { severity, code, message, fixes } = diagnostic;
  const head = `${paint(BOLD, placeText(file, range))} ${paint(COLORS[severity], severity)} ${paint(DIM, `[${code}]`)}`;
  const words = printable(message).replaceAll('\n', '\n  ');
  const fix = fixes.map(({ title }) => `  ${paint(DIM, 'fix:')} ${printable(title)}\n`).join('');
  const see = related
    .map((place) => `  ${paint(DIM, `${placeText(place.file, place.range)}:`)} ${printable(place.message)}\n`)
    .join('');
  return `${head}\n  ${words}\n${excerpt(finding, paint)}${see}${fix}`;
}

function placeText(file: string, { start }: Range): string {
  return `${printable(file)}:${start.line + 1}:${start.character + 1}`;
}

const WIDTH = 100;

/** The line with carets below the place. A long line is cut around it. */
function excerpt({ range, line, diagnostic }: Finding, paint: Paint): string {
  if (line.trim() === '') return '';
  const { start, end } = range;
  const from = start.character > WIDTH * 0.7 ? start.character - Math.floor(WIDTH / 2) : 0;
  const shown = line.slice(from, from + WIDTH);
  const number = String(start.line + 1);
  const margin = ' '.repeat(number.length);
  const before = shown.slice(0, start.character - from);
  const stop = end.line === start.line ? end.character : line.length;
  const length = Math.max(1, Math.min(stop - from, shown.length) - before.length);
  // Tabs stay tabs, so that the carets stand below the text at any width of a tab.
  const indent = before.replace(/[^\t]/g, ' ');
  const carets = paint(COLORS[diagnostic.severity], '^'.repeat(length));
  return `  ${paint(DIM, `${number} |`)} ${printable(shown)}\n  ${margin} ${paint(DIM, '|')} ${indent}${carets}\n`;
}

function summary({ files, resources, list }: Findings, paint: Paint): string {
  const read = `${count(files, 'file')}, ${count(resources, 'resource')}`;
  if (list.length === 0) return `No problems in ${read}.\n`;
  const parts = (['error', 'warning', 'info', 'hint'] as const).flatMap((severity) => {
    const found = list.filter(({ diagnostic }) => diagnostic.severity === severity).length;
    return found === 0 ? [] : [paint(COLORS[severity], severity === 'info' ? `${found} info` : count(found, severity))];
  });
  return `${parts.join(', ')} in ${read}.\n`;
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
