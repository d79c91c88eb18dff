import type {
  CodeAction,
  CodeActionParams,
  Diagnostic as LspDiagnostic,
  TextEdit,
  WorkspaceEdit,
} from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import { type Diagnostic, diagnose } from '../core/features/diagnostics.ts';
import type { Fix } from '../core/schema/rule.ts';
import { lspDiagnostic, SOURCE, textEdits } from './convert.ts';
import type { FeatureContext } from './featureContext.ts';
import { hopPathAction } from './hopPathAction.ts';
import { CODE_ACTION_KIND } from './numbers.ts';
import { isLeftToOthers } from './redHatYaml.ts';

/** A diagnostic with the place in the file from which its spans count. */
interface Placed {
  readonly start: number;
  readonly diagnostic: Diagnostic;
}

/** The fixes for the range, computed from the text as it is now; what the client says about diagnostics may be older. */
export function codeActions(context: FeatureContext, document: TextDocument, params: CodeActionParams): CodeAction[] {
  const only = params.context.only;
  const wants = (kind: string) =>
    only === undefined || only.some((asked) => kind === asked || kind.startsWith(`${asked}.`));
  const placed = diagnosticsOf(context, document);
  const actions: CodeAction[] = [];
  if (wants(CODE_ACTION_KIND.quickFix)) {
    const from = document.offsetAt(params.range.start);
    const to = document.offsetAt(params.range.end);
    const touched = placed.filter(
      ({ start, diagnostic: { span } }) => start + span.start <= to && from <= start + span.end,
    );
    const shown = touched.map((one) => ({ one, as: shownBy(document, one, params.context.diagnostics) }));
    for (const { one, as } of shown) actions.push(...quickFixes(context, document, one, as));
    actions.push(
      ...hopPathAction(
        context,
        document,
        shown.map(({ as }) => as),
      ),
    );
  }
  // Only when asked by name: it belongs to "fix all" and to saving, not to the light bulb.
  if (only !== undefined && wants(CODE_ACTION_KIND.fixAll)) actions.push(...fixAll(context, document, placed));
  return actions;
}

function diagnosticsOf({ documents, settings }: FeatureContext, document: TextDocument): Placed[] {
  if (settings.excludes(document)) return [];
  const share = settings.share(document);
  return diagnose(documents.snapshot(), documents.file(document), settings.core(document)).flatMap(
    ({ start, diagnostics }) =>
      diagnostics.filter(({ code }) => !isLeftToOthers(code, share)).map((diagnostic) => ({ start, diagnostic })),
  );
}

/** A diagnostic as the client shows it: it recognizes its own object. One that it shows no more is described by ours. */
function shownBy(
  document: TextDocument,
  { start, diagnostic }: Placed,
  shown: readonly LspDiagnostic[],
): LspDiagnostic {
  const own = lspDiagnostic(document, start, diagnostic, undefined);
  const known = shown.find(
    ({ source, code, range }) => source === SOURCE && code === own.code && isSameRange(range, own.range),
  );
  return known ?? own;
}

function quickFixes(
  context: FeatureContext,
  document: TextDocument,
  { start, diagnostic }: Placed,
  shown: LspDiagnostic,
): CodeAction[] {
  return diagnostic.fixes.map((fix) => ({
    title: fix.title,
    kind: CODE_ACTION_KIND.quickFix,
    diagnostics: [shown],
    ...(diagnostic.fixes.length === 1 ? { isPreferred: true } : {}),
    edit: workspaceEdit(context, document, textEdits(document, start, fix)),
  }));
}

/** Applies the safe fix of every diagnostic that has exactly one; where two touch the same text, the first wins. */
function fixAll(context: FeatureContext, document: TextDocument, placed: readonly Placed[]): CodeAction[] {
  const taken: { start: number; end: number }[] = [];
  const edits: TextEdit[] = [];
  for (const { start, diagnostic } of placed) {
    const [fix, ...others] = diagnostic.fixes.filter(({ safe }) => safe);
    if (!fix || others.length > 0) continue;
    const spans = spansOf(fix, start);
    if (spans.some((span) => taken.some((other) => overlap(span, other)))) continue;
    taken.push(...spans);
    edits.push(...textEdits(document, start, fix));
  }
  if (edits.length === 0) return [];
  const title = 'Fix all safe problems of this file';
  return [{ title, kind: CODE_ACTION_KIND.fixAll, edit: workspaceEdit(context, document, edits) }];
}

function spansOf(fix: Fix, start: number): { start: number; end: number }[] {
  return fix.edits.map(({ span }) => ({ start: start + span.start, end: start + span.end }));
}

/** Insertions at the same place count as overlapping too: their order would be a matter of chance. */
function overlap(a: { start: number; end: number }, b: { start: number; end: number }): boolean {
  return (a.start < b.end && b.start < a.end) || a.start === b.start;
}

function workspaceEdit({ client }: FeatureContext, document: TextDocument, edits: TextEdit[]): WorkspaceEdit {
  const { uri, version } = document;
  // With the version, the client refuses the edit when the text has changed since.
  return client.documentChanges
    ? { documentChanges: [{ textDocument: { uri, version }, edits }] }
    : { changes: { [uri]: edits } };
}

function isSameRange(a: LspDiagnostic['range'], b: LspDiagnostic['range']): boolean {
  return (
    a.start.line === b.start.line &&
    a.start.character === b.start.character &&
    a.end.line === b.end.line &&
    a.end.character === b.end.character
  );
}
