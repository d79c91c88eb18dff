import type { Range } from '../checkAnswer.ts';
import { UNREADABLE_FILE } from '../core/checks/syntax.ts';
import { type Diagnostic, diagnose } from '../core/features/diagnostics.ts';
import { MAX_FILE_LENGTH } from '../core/model/file.ts';
import { Workspace } from '../core/model/workspace.ts';
import type { RelatedPlace } from '../core/schema/rule.ts';
import type { CoreSettings } from '../core/settings.ts';
import type { Span } from '../core/yaml/span.ts';
import { LineIndex } from '../lineIndex.ts';
import type { Input, Inputs } from './inputs.ts';

/** A diagnostic at its place in a file as the command line shows it. */
export interface Finding {
  /** The file, as shown. */
  readonly file: string;
  readonly range: Range;
  readonly diagnostic: Diagnostic;
  /** The whole line in which it begins, without its line break. */
  readonly line: string;
  readonly related: readonly Place[];
  /** Places the spans of the diagnostic's fixes. */
  readonly rangeOf: (span: Span) => Range;
}

/** Another place that explains a finding. */
export interface Place {
  readonly file: string;
  readonly range: Range;
  readonly message: string;
}

export interface Findings {
  readonly files: number;
  readonly resources: number;
  /** In the order of the files' names and of the places in them. */
  readonly list: readonly Finding[];
}

/** Checks all files. One that cannot be read is a finding; the others are checked all the same. */
export function findingsOf(inputs: Inputs, settings: CoreSettings): Findings {
  const workspace = new Workspace();
  const texts = new Map<string, ShownText>();
  for (const input of [...inputs.around, ...inputs.files]) {
    texts.set(input.path, shownText(input));
    if (input.content.kind === 'text') workspace.setFile(input.path, input.content.text);
  }
  const snapshot = workspace.snapshot();
  const others = { texts, startOf: (place: Elsewhere) => snapshot.startOf(place) ?? 0 };
  const list: Finding[] = [];
  let resources = 0;
  for (const input of inputs.files) {
    const text = texts.get(input.path) ?? shownText(input);
    const file = input.content.kind === 'text' ? snapshot.file(input.path) : undefined;
    for (const { start, document, diagnostics } of file ? diagnose(snapshot, file, settings) : []) {
      resources += document.resources.length;
      list.push(...diagnostics.map((diagnostic) => finding(text, start, diagnostic, others)));
    }
    list.push(...unread(input, text.text.length, settings).map((diagnostic) => finding(text, 0, diagnostic, others)));
  }
  return { files: inputs.files.length, resources, list };
}

type Elsewhere = NonNullable<RelatedPlace['elsewhere']>;

/** A text with the name by which it is shown. Its lines are found when something in it is to be shown. */
interface ShownText {
  readonly shown: string;
  readonly text: string;
  rangeOf(span: Span, start: number): Range;
}

function shownText({ shown, content }: Input): ShownText {
  const text = content.kind === 'text' ? content.text : content.kind === 'not-utf8' ? content.lossy : '';
  let lines: LineIndex | undefined;
  const positionAt = (offset: number) => {
    lines ??= new LineIndex(text);
    return lines.positionAt(offset);
  };
  const rangeOf = (span: Span, start: number) => ({
    start: positionAt(start + span.start),
    end: positionAt(start + span.end),
  });
  return { shown, text, rangeOf };
}

function finding(
  text: ShownText,
  start: number,
  diagnostic: Diagnostic,
  { texts, startOf }: { texts: ReadonlyMap<string, ShownText>; startOf: (place: Elsewhere) => number },
): Finding {
  return {
    file: text.shown,
    range: text.rangeOf(diagnostic.span, start),
    diagnostic,
    line: lineAt(text.text, start + diagnostic.span.start),
    related: diagnostic.related.map(({ span, message, elsewhere }) => {
      const other = (elsewhere && texts.get(elsewhere.path)) ?? text;
      return { file: other.shown, range: other.rangeOf(span, elsewhere ? startOf(elsewhere) : start), message };
    }),
    rangeOf: (span) => text.rangeOf(span, start),
  };
}

function lineAt(text: string, offset: number): string {
  const end = text.indexOf('\n', offset);
  return text.slice(text.lastIndexOf('\n', offset - 1) + 1, end === -1 ? text.length : end).replace(/\r$/, '');
}

/** The diagnostic of a file whose text we do not have. */
function unread({ content }: Input, length: number, settings: CoreSettings): Diagnostic[] {
  const severity = settings.checks.get(UNREADABLE_FILE.code) ?? UNREADABLE_FILE.severity;
  if (severity === 'off' || content.kind === 'text') return [];
  const offset = content.kind === 'not-utf8' ? content.offset : 0;
  const diagnostic: Diagnostic = {
    code: UNREADABLE_FILE.code,
    severity,
    message: whyUnread(content),
    span: { start: offset, end: Math.min(offset + 1, length) },
    peers: [],
    fixes: [],
    related: [],
    resource: undefined,
  };
  return [diagnostic];
}

function whyUnread(content: Exclude<Input['content'], { kind: 'text' }>): string {
  switch (content.kind) {
    case 'not-utf8':
      return 'The file is not UTF-8: here are bytes that mean nothing in it. Kubernetes reads UTF-8 only; save the file as such.';
    case 'too-large':
      return `The file is too large to be analyzed: more than ${MAX_FILE_LENGTH / 1024 / 1024} MiB of text. Split it, or exclude it.`;
    case 'unreadable':
      return `The file cannot be read: ${content.reason}.`;
  }
}
