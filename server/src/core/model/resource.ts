// Layer 2: resources, files and the workspace. Knows which documents are Kubernetes resources and where they stand.

import { kindOf } from '../schema/catalog.ts';
import { type KindDefinition, splitApiVersion } from '../schema/kind.ts';
import { asMap, entryOf, items, text } from '../yaml/access.ts';
import type { ParsedDocument } from '../yaml/parse.ts';
import type { MapNode } from '../yaml/tree.ts';

/** One Kubernetes object of a document. Recognized by apiVersion and kind alone, never by the name of the file. */
export interface Resource {
  readonly root: MapNode;
  readonly apiVersion: string;
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  /** Undefined when absent, generated or templated. */
  readonly name: string | undefined;
  readonly namespace: string | undefined;
  /** Undefined when we do not know the kind. */
  readonly definition: KindDefinition | undefined;
}

/** Lists in lists do not exist in Kubernetes; one level more costs nothing and hides no mistake. */
const MAX_LIST_DEPTH = 2;

/** The resources of a document: one, or those of a `List`. */
export function resourcesOf(document: ParsedDocument): Resource[] {
  const root = asMap(document.root);
  return root ? resourcesUnder(root, 0) : [];
}

function resourcesUnder(root: MapNode, depth: number): Resource[] {
  const apiVersion = text(root, 'apiVersion');
  const kind = text(root, 'kind');
  if (apiVersion === undefined || kind === undefined) return [];
  if (kind.endsWith('List') && entryOf(root, 'items') && depth < MAX_LIST_DEPTH) {
    return items(root, 'items').flatMap((item) => {
      const member = asMap(item);
      return member ? resourcesUnder(member, depth + 1) : [];
    });
  }
  const { group, version } = splitApiVersion(apiVersion);
  const resource: Resource = {
    root,
    apiVersion,
    group,
    version,
    kind,
    name: text(root, 'metadata', 'name'),
    namespace: text(root, 'metadata', 'namespace'),
    definition: kindOf(group, kind),
  };
  return [resource];
}
