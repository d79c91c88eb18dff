import type { SourceFile } from '../model/file.ts';
import { kindFor } from '../schema/catalog.ts';
import { listedValues, placeAt } from '../schema/describe.ts';
import type { KindDefinition } from '../schema/kind.ts';
import { rootShape } from '../schema/validateResource.ts';
import type { Span } from '../yaml/span.ts';
import type { ScalarNode, YamlNode } from '../yaml/tree.ts';
import { metadataHover } from '../schema/kubernetes/metadataDocs.ts';
import { fieldMarkdown, kindMarkdown, valueMarkdown } from '../schema/documentation.ts';
import { documentAt, targetAt } from '../model/target.ts';

export interface Hover {
  /** In offsets of the file. */
  readonly span: Span;
  readonly markdown: string;
}

/** What the key or value at an offset means for the mesh; undefined where we know nothing. */
export function hoverAt(file: SourceFile, offset: number): Hover | undefined {
  const placed = documentAt(file, offset);
  if (!placed?.document.parsed.root) return undefined;
  const found = scalarAt(placed.document.parsed.root, offset - placed.start);
  if (!found) return undefined;
  const markdown = describe(placed.document, found);
  if (markdown === undefined) return undefined;
  return { span: { start: placed.start + found.scalar.start, end: placed.start + found.scalar.end }, markdown };
}

interface Found {
  readonly scalar: ScalarNode;
  readonly isKey: boolean;
  /** The path of the entry or item. */
  readonly path: (string | number)[];
}

/** The key or scalar value under an offset, with the path to it. */
function scalarAt(root: YamlNode, offset: number): Found | undefined {
  const path: (string | number)[] = [];
  let node: YamlNode | undefined = root;
  while (node) {
    if (node.kind === 'scalar') return within(node, offset) ? { scalar: node, isKey: false, path } : undefined;
    if (node.kind === 'alias') return undefined;
    if (node.kind === 'seq') {
      const index: number = node.items.findIndex((item) => item.start <= offset && offset <= item.end);
      if (index === -1) return undefined;
      path.push(index);
      node = node.items[index];
      continue;
    }
    const entry = node.entries.findLast(({ key }) => key.start <= offset);
    if (!entry) return undefined;
    path.push(entry.key.text);
    if (within(entry.key, offset)) return { scalar: entry.key, isKey: true, path };
    node = entry.value;
  }
  return undefined;
}

function within(span: Span, offset: number): boolean {
  return span.start <= offset && offset <= span.end && span.end > span.start;
}

function describe(document: Parameters<typeof targetAt>[0], { scalar, isKey, path }: Found): string | undefined {
  const target = targetAt(document, path);
  const { definition, version, depth } = target;
  const inner = path.slice(depth);
  if (!isKey && (inner[0] === 'kind' || inner[0] === 'apiVersion') && inner.length === 1) {
    return target.apiVersion !== undefined && target.kind !== undefined ? kindMarkdownOf(target.apiVersion, target.kind) : undefined;
  }
  if (!definition) return undefined;
  const metadata = metadataHover(definition, inner, scalar, isKey);
  if (metadata !== undefined || definition.project === 'kubernetes') return metadata;
  const place = placeAt(rootShape(definition, version), inner);
  if (!place?.field) return undefined;
  const value = isKey ? undefined : listedValues(place.shape)?.get(scalar.text);
  if (value) return valueMarkdown(scalar.text, value, definition);
  const { field } = place;
  return fieldMarkdown(field.name, field.shape, field.doc, { readBy: readersOf(definition, place.readBy, inner), l7: place.l7, required: field.required }, definition);
}

/** Nobody's proxy reads metadata; only the body of a resource has readers. */
function readersOf(definition: KindDefinition, readBy: KindDefinition['readBy'] | undefined, path: readonly (string | number)[]): KindDefinition['readBy'] {
  return path[0] === (definition.body ?? 'spec') ? (readBy ?? definition.readBy) : [];
}

function kindMarkdownOf(apiVersion: string, kind: string): string | undefined {
  const definition = kindFor(apiVersion, kind);
  return definition && definition.project !== 'kubernetes' ? kindMarkdown(definition) : undefined;
}
