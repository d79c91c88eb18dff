import { UNREADABLE_FILE } from '../core/checks/syntax.ts';
import { type Diagnostic, diagnose } from '../core/features/diagnostics.ts';
import { MAX_FILE_LENGTH } from '../core/model/file.ts';
import { Workspace } from '../core/model/workspace.ts';
import type { CoreSettings } from '../core/settings.ts';
import type { Span } from '../core/yaml/span.ts';
import { LineIndex, type Position } from '../lineIndex.ts';
import type { Input, Inputs } from './inputs.ts';

export interface Range {
  readonly start: Position;
  readonly end: Position;
}

/** A diagnostic at its place in a file as the command line shows it. */
export interface Finding {
  /** The file, as shown. */
  readonly file: string;
  readonly range: Range;
  readonly diagnostic: Diagnostic;
  /** The whole line in which it begins, without its line break. */
  readonly line: string;
  /** Places the spans of the diagnostic's related parts and fixes. */
  readonly rangeOf: (span: Span) => Range;
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
  for (const { path, content } of [...inputs.around, ...inputs.files]) {
    if (content.kind === 'text') workspace.setFile(path, content.text);
  }
  const snapshot = workspace.snapshot();
  const list: Finding[] = [];
  let resources = 0;
  for (const input of inputs.files) {
    const text =
      input.content.kind === 'text' ? input.content.text : input.content.kind === 'not-utf8' ? input.content.lossy : '';
    const place = placer(input, text);
    const file = input.content.kind === 'text' ? snapshot.file(input.path) : undefined;
    for (const { start, document, diagnostics } of file
      ? diagnose(snapshot, file, settings)
      : unread(input, text, settings)) {
      resources += document?.resources.length ?? 0;
      list.push(...diagnostics.map((diagnostic) => place(start, diagnostic)));
    }
  }
  return { files: inputs.files.length, resources, list };
}

function placer(input: Input, text: string): (start: number, diagnostic: Diagnostic) => Finding {
  // Most files have no findings, and then their lines are of no interest.
  let lines: LineIndex | undefined;
  return (start, diagnostic) => {
    lines ??= new LineIndex(text);
    const index = lines;
    const rangeOf = (span: Span): Range => ({
      start: index.positionAt(start + span.start),
      end: index.positionAt(start + span.end),
    });
    const range = rangeOf(diagnostic.span);
    return { file: input.shown, range, diagnostic, line: lineAt(text, start + diagnostic.span.start), rangeOf };
  };
}

function lineAt(text: string, offset: number): string {
  const end = text.indexOf('\n', offset);
  return text.slice(text.lastIndexOf('\n', offset - 1) + 1, end === -1 ? text.length : end).replace(/\r$/, '');
}

interface Unread {
  readonly start: number;
  readonly document?: undefined;
  readonly diagnostics: readonly Diagnostic[];
}

/** The diagnostic of a file whose text we do not have. */
function unread({ content }: Input, text: string, settings: CoreSettings): Unread[] {
  const severity = settings.checks.get(UNREADABLE_FILE.code) ?? UNREADABLE_FILE.severity;
  if (severity === 'off' || content.kind === 'text') return [];
  const offset = content.kind === 'not-utf8' ? content.offset : 0;
  const diagnostic: Diagnostic = {
    code: UNREADABLE_FILE.code,
    severity,
    message: whyUnread(content),
    span: { start: offset, end: Math.min(offset + 1, text.length) },
    peers: [],
    fixes: [],
    related: [],
    resource: undefined,
  };
  return [{ start: 0, diagnostics: [diagnostic] }];
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
