import type { CompletionItemKind, CompletionList, CompletionItem as LspItem, Position } from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import { complete, completionDoc } from '../core/features/completion/complete.ts';
import type { CompletionItem } from '../core/features/completion/item.ts';
import { MAX_NAMES } from '../core/features/completion/names.ts';
import type { ClientFeatures } from './capabilities.ts';
import { rangeOf } from './convert.ts';
import type { FeatureContext } from './featureContext.ts';
import { COMPLETION_KIND, COMPLETION_TAG, INSERT_TEXT_FORMAT, INSERT_TEXT_MODE } from './numbers.ts';

const KINDS: Readonly<Record<CompletionItem['kind'], CompletionItemKind>> = {
  key: COMPLETION_KIND.property,
  value: COMPLETION_KIND.enumMember,
  kind: COMPLETION_KIND.class,
  name: COMPLETION_KIND.reference,
  snippet: COMPLETION_KIND.snippet,
  pattern: COMPLETION_KIND.snippet,
};

export function completionList(
  { client, documents, settings }: FeatureContext,
  document: TextDocument,
  position: Position,
): CompletionList {
  const offset = document.offsetAt(position);
  const found = complete(documents.snapshot(), documents.file(document), offset, settings.core(document));
  // Keys and values are in every schema; which names there are, and how they go together, only we know.
  const own = ({ kind }: CompletionItem) => kind === 'name' || kind === 'pattern';
  const ours = settings.share(document).structure ? found.filter(own) : found;
  const isIncomplete = ours.filter(({ kind }) => kind === 'name').length >= MAX_NAMES;
  return { isIncomplete, items: ours.map((item) => lspItem(document, item, client)) };
}

function lspItem(document: TextDocument, item: CompletionItem, client: ClientFeatures): LspItem {
  const { label, kind, insertText, isSnippet, replace, sortText, filterText, detail, deprecated, docId } = item;
  const snippet = isSnippet && client.snippets;
  const newText = isSnippet && !client.snippets ? withoutStops(insertText) : insertText;
  return {
    label,
    kind: KINDS[kind],
    sortText,
    textEdit: { range: rangeOf(document, replace), newText },
    ...(snippet ? { insertTextFormat: INSERT_TEXT_FORMAT.snippet } : {}),
    // The core writes the indentation of every line; an editor that adds its own would move them.
    ...(newText.includes('\n') ? { insertTextMode: INSERT_TEXT_MODE.asIs } : {}),
    ...(filterText === undefined ? {} : { filterText }),
    ...(detail === undefined ? {} : { detail }),
    ...(deprecated ? { tags: [COMPLETION_TAG.deprecated] } : {}),
    ...(docId === undefined ? {} : { data: docId }),
    ...extraEdits(document, item),
  };
}

function extraEdits(
  document: TextDocument,
  { extraEdits: edits }: CompletionItem,
): Pick<LspItem, 'additionalTextEdits'> {
  if (!edits || edits.length === 0) return {};
  return { additionalTextEdits: edits.map(({ span, text }) => ({ range: rangeOf(document, span), newText: text })) };
}

/** Adds the documentation to an item that the user looks at. */
export function resolveItem(item: LspItem): LspItem {
  const markdown = typeof item.data === 'string' ? completionDoc(item.data) : undefined;
  return markdown === undefined ? item : { ...item, documentation: { kind: 'markdown', value: markdown } };
}

const STOP = /\\([\\$}])|\$\{(\d+)\|((?:\\.|[^,|\\])*)[^}]*\|\}|\$\{(\d+):((?:\\.|[^}\\])*)\}|\$\{(\d+)\}|\$(\d+)/g;

/**
 * The text of a snippet for clients that know none: of a choice the first, of a placeholder its text, of a stop what
 * stands at the first of its number, if anything. Only the forms that the core writes are read.
 */
export function withoutStops(snippet: string): string {
  const texts = new Map<string, string>();
  return snippet.replace(STOP, (_, escaped, chosen, choice, placed, placeholder, braced, bare) => {
    if (escaped !== undefined) return escaped;
    const text: string | undefined = (choice ?? placeholder)?.replace(/\\(.)/g, '$1');
    if (text === undefined) return texts.get(braced ?? bare) ?? '';
    texts.set(chosen ?? placed, text);
    return text;
  });
}
