import type {
  Definition,
  DefinitionLink,
  DocumentHighlight,
  Location,
  Position,
  ReferenceParams,
} from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import { definitionAt } from '../core/features/definition.ts';
import { highlightsAt } from '../core/features/highlights.ts';
import { referencesAt } from '../core/features/references.ts';
import { rangeOf } from './convert.ts';
import type { FeatureContext } from './featureContext.ts';
import { HIGHLIGHT_KIND } from './numbers.ts';
import { placesOf } from './places.ts';

/** From a name to what it means, and from there to everything that names it. */

export function definition(
  { client, documents, settings }: FeatureContext,
  document: TextDocument,
  position: Position,
): Definition | DefinitionLink[] | null {
  const offset = document.offsetAt(position);
  const found = definitionAt(documents.snapshot(), documents.file(document), offset, settings.core(document));
  if (!found) return null;
  const places = placesOf(documents);
  const locations = found.places.flatMap(places.location);
  if (!client.definitionLinks) return locations;
  const originSelectionRange = rangeOf(document, found.span);
  return locations.map(({ uri, range }) => ({
    originSelectionRange,
    targetUri: uri,
    targetRange: range,
    targetSelectionRange: range,
  }));
}

export function references(
  { documents, settings }: FeatureContext,
  document: TextDocument,
  { position, context }: ReferenceParams,
): Location[] {
  const offset = document.offsetAt(position);
  const withDeclaration = context?.includeDeclaration === true;
  const core = settings.core(document);
  const found = referencesAt(documents.snapshot(), documents.file(document), offset, core, withDeclaration);
  return found.flatMap(placesOf(documents).location);
}

export function highlights(
  { documents, settings }: FeatureContext,
  document: TextDocument,
  position: Position,
): DocumentHighlight[] {
  const offset = document.offsetAt(position);
  const found = highlightsAt(documents.snapshot(), documents.file(document), offset, settings.core(document));
  return found.map(({ span, kind }) => ({ range: rangeOf(document, span), kind: HIGHLIGHT_KIND[kind] }));
}
