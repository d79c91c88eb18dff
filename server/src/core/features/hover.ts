import { nameScope } from '../mesh/nameScope.ts';
import type { SourceFile } from '../model/file.ts';
import { type Located, shortPath } from '../model/located.ts';
import { nameAt } from '../model/references/atOffset.ts';
import type { Declaration } from '../model/references/reference.ts';
import { documentAt, targetAt } from '../model/target.ts';
import type { Snapshot } from '../model/workspace.ts';
import { kindFor } from '../schema/catalog.ts';
import { listedValues, placeAt } from '../schema/describe.ts';
import { fieldMarkdown, kindMarkdown, valueMarkdown } from '../schema/documentation.ts';
import type { KindDefinition } from '../schema/kind.ts';
import { metadataHover } from '../schema/kubernetes/metadataDocs.ts';
import { rootShape } from '../schema/validateResource.ts';
import type { CoreSettings } from '../settings.ts';
import { type FoundScalar, scalarAt } from '../yaml/scalarAt.ts';
import type { Span } from '../yaml/span.ts';

export interface Hover {
  /** In offsets of the file. */
  readonly span: Span;
  readonly markdown: string;
}

/** What the key or value at an offset means for the mesh, and what a name resolves to; undefined where we know nothing. */
export function hoverAt(
  snapshot: Snapshot,
  file: SourceFile,
  offset: number,
  settings: CoreSettings,
): Hover | undefined {
  const placed = documentAt(file, offset);
  if (!placed?.document.parsed.root) return undefined;
  const found = scalarAt(placed.document.parsed.root, offset - placed.start);
  if (!found) return undefined;
  const meanings = nameMeanings(snapshot, file, offset, settings);
  const documentation = describe(placed.document, found);
  if (meanings === undefined && documentation === undefined) return undefined;
  const markdown = [meanings, documentation].filter((part) => part !== undefined).join('\n\n---\n\n');
  return { span: { start: placed.start + found.scalar.start, end: placed.start + found.scalar.end }, markdown };
}

/** A longer list helps nobody; go to definition shows all. */
const MAX_MEANINGS = 8;

function nameMeanings(
  snapshot: Snapshot,
  file: SourceFile,
  offset: number,
  settings: CoreSettings,
): string | undefined {
  const name = nameAt(snapshot, file, offset, nameScope(snapshot, settings));
  if (!name || name.declaresItself || name.declarations.length === 0) return undefined;
  const lines = [...new Set(name.declarations.map(meaning))];
  const more = lines.length > MAX_MEANINGS ? [`- and ${lines.length - MAX_MEANINGS} more`] : [];
  return [...lines.slice(0, MAX_MEANINGS).map((line) => `- → ${line}`), ...more].join('\n');
}

function meaning({ located, node, sort }: Declaration): string {
  const resource = `${code(located.resource.kind)} ${code(inNamespace(located))}`;
  const part = sort === 'resource' ? resource : `${sort} ${code(node.text)} of ${resource}`;
  return `${part} in ${code(shortPath(located))}`;
}

/** Names come from files of anybody: no mark of theirs may end the code. */
function code(text: string): string {
  return `\`${text.replace(/[\s`]+/g, ' ')}\``;
}

function inNamespace({ namespace, name }: Located): string {
  return namespace === '' ? name : `${namespace}/${name}`;
}

function describe(document: Parameters<typeof targetAt>[0], { scalar, isKey, path }: FoundScalar): string | undefined {
  const target = targetAt(document, path);
  const { definition, version, depth } = target;
  const inner = path.slice(depth);
  if (!isKey && (inner[0] === 'kind' || inner[0] === 'apiVersion') && inner.length === 1) {
    return target.apiVersion !== undefined && target.kind !== undefined
      ? kindMarkdownOf(target.apiVersion, target.kind)
      : undefined;
  }
  if (!definition) return undefined;
  const metadata = metadataHover(definition, inner, scalar, isKey);
  if (metadata !== undefined || definition.project === 'kubernetes') return metadata;
  const place = placeAt(rootShape(definition, version), inner);
  if (!place?.field) return undefined;
  const value = isKey ? undefined : listedValues(place.shape)?.get(scalar.text);
  if (value) return valueMarkdown(scalar.text, value, definition);
  const { field } = place;
  return fieldMarkdown(
    field.name,
    field.shape,
    field.doc,
    { readBy: readersOf(definition, place.readBy, inner), l7: place.l7, required: field.required },
    definition,
  );
}

/** Nobody's proxy reads metadata; only the body of a resource has readers. */
function readersOf(
  definition: KindDefinition,
  readBy: KindDefinition['readBy'] | undefined,
  path: readonly (string | number)[],
): KindDefinition['readBy'] {
  return path[0] === (definition.body ?? 'spec') ? (readBy ?? definition.readBy) : [];
}

function kindMarkdownOf(apiVersion: string, kind: string): string | undefined {
  const definition = kindFor(apiVersion, kind);
  return definition && definition.project !== 'kubernetes' ? kindMarkdown(definition) : undefined;
}
