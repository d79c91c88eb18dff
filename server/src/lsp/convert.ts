import {
  DiagnosticSeverity,
  DiagnosticTag,
  type Diagnostic as LspDiagnostic,
  type Range,
  type TextEdit,
} from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import { checkPage } from '../checkPage.ts';
import type { Diagnostic } from '../core/features/diagnostics.ts';
import type { Fix, Severity } from '../core/schema/rule.ts';
import type { Span } from '../core/yaml/span.ts';

/** Offsets to lines and characters. `start` is where the spans count from: 0, or the start of a document in its file. */
export function rangeOf(document: TextDocument, span: Span, start = 0): Range {
  return { start: document.positionAt(start + span.start), end: document.positionAt(start + span.end) };
}

export const SOURCE = 'meshpath';

const SEVERITIES: Readonly<Record<Severity, DiagnosticSeverity>> = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  info: DiagnosticSeverity.Information,
  hint: DiagnosticSeverity.Hint,
};

const TAGS = { deprecated: DiagnosticTag.Deprecated, unnecessary: DiagnosticTag.Unnecessary } as const;

/** A diagnostic for the client. Its fixes stay here: code actions compute them again for the text as it then is. */
export function lspDiagnostic(
  document: TextDocument,
  start: number,
  diagnostic: Diagnostic,
  withRelated: boolean,
): LspDiagnostic {
  const { code, severity, message, span, peers, related, tag } = diagnostic;
  const result: LspDiagnostic = {
    range: rangeOf(document, span, start),
    severity: SEVERITIES[severity],
    code,
    codeDescription: { href: checkPage(code) },
    source: SOURCE,
    message,
    data: { peers },
  };
  if (tag) result.tags = [TAGS[tag]];
  if (withRelated && related.length > 0) {
    result.relatedInformation = related.map((part) => ({
      location: { uri: document.uri, range: rangeOf(document, part.span, start) },
      message: part.message,
    }));
  }
  return result;
}

export function textEdits(document: TextDocument, start: number, fix: Fix): TextEdit[] {
  return fix.edits.map(({ span, text }) => ({ range: rangeOf(document, span, start), newText: text }));
}
