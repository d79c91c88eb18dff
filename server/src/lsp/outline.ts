import type {
  DocumentLink,
  FoldingRange,
  DocumentSymbol as LspDocumentSymbol,
  Position,
  SelectionRange,
  SymbolInformation,
} from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import { documentLinks } from '../core/features/documentLinks.ts';
import { foldsOf } from '../core/features/folding.ts';
import { selectionSpans } from '../core/features/selectionRanges.ts';
import { type DocumentSymbol, documentSymbols, workspaceSymbols } from '../core/features/symbols.ts';
import type { SourceFile } from '../core/model/file.ts';
import { rangeOf } from './convert.ts';
import type { Documents } from './documents.ts';
import { SYMBOL_KIND } from './numbers.ts';
import { placesOf } from './places.ts';

/** The shape of documents: outline, folding, expanding a selection, links. Other people's YAML is left to others. */

export function symbols(
  documents: Documents,
  document: TextDocument,
  hierarchical: boolean,
): LspDocumentSymbol[] | SymbolInformation[] {
  const found = documentSymbols(documents.snapshot(), documents.file(document));
  if (hierarchical) return found.map((symbol) => lspSymbol(document, symbol));
  return found.map(({ name, kind, selection }) => ({
    name,
    kind: SYMBOL_KIND[kind],
    location: { uri: document.uri, range: rangeOf(document, selection) },
  }));
}

function lspSymbol(document: TextDocument, symbol: DocumentSymbol): LspDocumentSymbol {
  return {
    name: symbol.name,
    detail: symbol.detail,
    kind: SYMBOL_KIND[symbol.kind],
    range: rangeOf(document, symbol.span),
    selectionRange: rangeOf(document, symbol.selection),
    children: symbol.children.map((child) => lspSymbol(document, child)),
  };
}

export function symbolsOfWorkspace(documents: Documents, query: string): SymbolInformation[] {
  const places = placesOf(documents);
  return workspaceSymbols(documents.snapshot(), query).flatMap(({ name, kind, namespace, place }) =>
    places.location(place).map((location) => ({
      name,
      kind: SYMBOL_KIND.resource,
      containerName: namespace === '' ? kind : `${kind} in ${namespace}`,
      location,
    })),
  );
}

export function folds(file: SourceFile, document: TextDocument): FoldingRange[] | null {
  // With null the editor folds by indentation, which is as well as anything for files without resources.
  if (!hasResources(file)) return null;
  const found = new Map<number, FoldingRange>();
  for (const { span, kind } of foldsOf(file)) {
    const { start, end } = rangeOf(document, span);
    // Of several that begin on a line, the editor shows one; the first is the outermost.
    if (start.line < end.line && !found.has(start.line)) {
      found.set(start.line, { startLine: start.line, endLine: end.line, kind });
    }
  }
  return [...found.values()];
}

export function selections(file: SourceFile, document: TextDocument, positions: readonly Position[]): SelectionRange[] {
  return positions.map((position) => {
    let range: SelectionRange | undefined;
    for (const span of selectionSpans(file, document.offsetAt(position)).reverse()) {
      range = { range: rangeOf(document, span), ...(range ? { parent: range } : {}) };
    }
    return range ?? { range: { start: position, end: position } };
  });
}

export function links(documents: Documents, document: TextDocument): DocumentLink[] {
  const places = placesOf(documents);
  return documentLinks(documents.snapshot(), documents.file(document)).flatMap(({ span, target }) => {
    const found = places.document(target);
    return found ? [{ range: rangeOf(document, span), target: found.uri }] : [];
  });
}

function hasResources(file: SourceFile): boolean {
  return file.documents.some(({ document }) => document.resources.length > 0);
}
