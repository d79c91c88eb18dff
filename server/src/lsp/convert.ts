import type { DiagnosticRelatedInformation, Diagnostic as LspDiagnostic, Range, TextEdit } from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import { checkPage } from '../checkPage.ts';
import type { Diagnostic } from '../core/features/diagnostics.ts';
import type { Fix, RelatedPlace } from '../core/schema/rule.ts';
import type { Span } from '../core/yaml/span.ts';
import { DIAGNOSTIC_SEVERITY, DIAGNOSTIC_TAG } from './numbers.ts';

/** Offsets to lines and characters. `start` is where the spans count from: 0, or the start of a document in its file. */
export function rangeOf(document: TextDocument, span: Span, start = 0): Range {
  return { start: document.positionAt(start + span.start), end: document.positionAt(start + span.end) };
}

export const SOURCE = 'meshpath';

type Elsewhere = NonNullable<RelatedPlace['elsewhere']>;

/** Finds the lines of another file and where a document of it begins; undefined when the client shows no related places. */
export type OtherFiles = ((place: Elsewhere) => { document: TextDocument; start: number } | undefined) | undefined;

/** A diagnostic for the client. Its fixes stay here: code actions compute them again for the text as it then is. */
export function lspDiagnostic(
  document: TextDocument,
  start: number,
  diagnostic: Diagnostic,
  others: OtherFiles,
): LspDiagnostic {
  const { code, severity, message, span, peers, related, tag } = diagnostic;
  const result: LspDiagnostic = {
    range: rangeOf(document, span, start),
    severity: DIAGNOSTIC_SEVERITY[severity],
    code,
    codeDescription: { href: checkPage(code) },
    source: SOURCE,
    message,
    data: { peers },
  };
  if (tag) result.tags = [DIAGNOSTIC_TAG[tag]];
  if (others && related.length > 0) {
    result.relatedInformation = related.flatMap((place) => relatedInformation(document, start, place, others));
  }
  return result;
}

function relatedInformation(
  document: TextDocument,
  start: number,
  { span, message, elsewhere }: RelatedPlace,
  others: NonNullable<OtherFiles>,
): DiagnosticRelatedInformation[] {
  const other = elsewhere ? others(elsewhere) : { document, start };
  if (!other) return [];
  return [{ location: { uri: other.document.uri, range: rangeOf(other.document, span, other.start) }, message }];
}

export function textEdits(document: TextDocument, start: number, fix: Fix): TextEdit[] {
  return fix.edits.map(({ span, text }) => ({ range: rangeOf(document, span, start), newText: text }));
}
