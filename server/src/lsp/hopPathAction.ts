import type { CodeAction, Diagnostic as LspDiagnostic } from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import { WORKSPACE_CHECKS } from '../core/checks/registry.ts';
import { hopPathAt } from '../core/features/hopPathAt.ts';
import { SHOW_HOP_PATH } from '../protocol/commands.ts';
import type { FeatureContext } from './featureContext.ts';
import { CODE_ACTION_KIND } from './numbers.ts';

/** Those that look at other resources: what they find shows on the way of a request. */
const ACROSS_RESOURCES: ReadonlySet<string> = new Set(WORKSPACE_CHECKS.map(({ facts }) => facts.code));

/**
 * From a diagnostic about what a policy or a route does to requests, to the path of a request that shows it. Only for
 * clients that have a panel, and only where a request passes the resource.
 */
export function hopPathAction(
  { client, documents, settings }: FeatureContext,
  document: TextDocument,
  diagnostics: readonly LspDiagnostic[],
): CodeAction[] {
  const about = diagnostics.filter(({ code }) => typeof code === 'string' && ACROSS_RESOURCES.has(code));
  const [first] = about;
  if (!first || !client.showsHopPaths) return [];
  const position = first.range.start;
  const offset = document.offsetAt(position);
  if (!hopPathAt(documents.snapshot(), documents.file(document), offset, settings.core(document))) return [];
  const title = 'Show the hop path';
  const command = { title, command: SHOW_HOP_PATH, arguments: [document.uri, position] };
  return [{ title, kind: CODE_ACTION_KIND.quickFix, diagnostics: about, command }];
}
