import type { CheckFacts, Problem } from '../schema/rule.ts';
import type { Span } from '../yaml/span.ts';

/**
 * `# meshpath-ignore <code>: <reason>` silences one check: for a line, at its end or on the line above it; for a whole
 * document, above its first key. The reason is required, and a suppression that silences nothing is reported, so that
 * they do not outlive what they were for.
 */
export const SUPPRESSION_WITHOUT_REASON: CheckFacts = {
  code: 'suppression-without-reason',
  severity: 'warning',
  what: 'A `meshpath-ignore` comment without a code or without a reason.',
  why: 'It silences nothing. Whoever reads it later could not tell whether it still holds.',
  todo: 'Write `# meshpath-ignore <code>: <reason>`.',
};

export const UNUSED_SUPPRESSION: CheckFacts = {
  code: 'unused-suppression',
  severity: 'warning',
  what: 'A `meshpath-ignore` comment that silences nothing.',
  why: 'What it was for is mended or has moved; left in place, it would hide the next fault of its kind.',
  todo: 'Remove the comment.',
};

interface Suppression {
  /** The comment itself. */
  readonly span: Span;
  readonly code: string;
  /** What it covers; undefined for the whole document. */
  readonly lines: Span | undefined;
}

const COMMENT = /#[ \t]*meshpath-ignore\b[ \t]*([a-z0-9-]*)[ \t]*(?::[ \t]*(\S[^\r\n]*?)?)?[ \t]*(?=\r?$)/gm;

/** The problems that stay, with those about the suppressions themselves; checks that are off were not there to silence. */
export function applySuppressions<P extends Problem>(
  text: string,
  problems: readonly P[],
  make: (problem: Problem) => P,
  isOff: (code: string) => boolean,
): readonly P[] {
  if (!text.includes('meshpath-ignore')) return problems;
  const suppressions: Suppression[] = [];
  const about: P[] = [];
  for (const match of text.matchAll(COMMENT)) {
    const [comment, code = '', reason = ''] = match;
    const span = { start: match.index, end: match.index + comment.length };
    if (!isComment(text, match.index)) continue;
    if (code === '' || reason === '')
      about.push(
        make(
          problemAt(
            SUPPRESSION_WITHOUT_REASON,
            span,
            'Write `# meshpath-ignore <code>: <reason>`; without both it silences nothing.',
          ),
        ),
      );
    else suppressions.push({ span, code, lines: coveredLines(text, match.index) });
  }
  const used = new Set<Suppression>();
  const kept = problems.filter((problem) => {
    const silencing = suppressions.filter((suppression) => covers(suppression, problem));
    for (const suppression of silencing) used.add(suppression);
    return silencing.length === 0;
  });
  for (const suppression of suppressions) {
    if (!used.has(suppression) && !isOff(suppression.code))
      about.push(
        make(
          problemAt(
            UNUSED_SUPPRESSION,
            suppression.span,
            `\`${suppression.code}\` is not reported here, so this comment silences nothing.`,
          ),
        ),
      );
  }
  return [...kept, ...about].sort((a, b) => a.span.start - b.span.start);
}

function problemAt(facts: CheckFacts, span: Span, message: string): Problem {
  return {
    code: facts.code,
    severity: facts.severity,
    message,
    span,
    peers: facts.peers ?? [],
    fixes: [],
    related: [],
  };
}

function covers({ code, lines }: Suppression, problem: Problem): boolean {
  return (
    problem.code === code &&
    (lines === undefined || (lines.start <= problem.span.start && problem.span.start <= lines.end))
  );
}

/** False when the hash stands inside a value. */
function isComment(text: string, at: number): boolean {
  return at === 0 || /\s/.test(text[at - 1] ?? '');
}

function coveredLines(text: string, at: number): Span | undefined {
  const lineStart = text.lastIndexOf('\n', at - 1) + 1;
  const lineEnd = endOfLine(text, at);
  if (text.slice(lineStart, at).trim() !== '') return { start: lineStart, end: lineEnd };
  // A comment of its own covers the next line; above the first key, everything.
  const before = text.slice(0, lineStart).replace(/^\uFEFF/, '');
  const first = before
    .split('\n')
    .every((line) => line.trim() === '' || line.startsWith('#') || line.startsWith('---') || line.startsWith('%'));
  return first ? undefined : { start: lineStart, end: endOfLine(text, Math.min(lineEnd + 1, text.length)) };
}

function endOfLine(text: string, at: number): number {
  const newline = text.indexOf('\n', at);
  return newline === -1 ? text.length : newline;
}
