import { entriesOf } from '../../yaml/access.ts';
import type { Entry, YamlNode } from '../../yaml/tree.ts';
import type { CheckFacts, Report, Rule, RuleContext } from '../rule.ts';
import { type MetadataMap, metadataKey, metadataPlaces } from './meshMetadata.ts';
import type { MetadataKey, MetadataPlace } from './metadataKey.ts';

/** What the rules on labels and annotations work on: those of a resource that belong to a mesh. Others are nobody's business. */
export const ANALYZER_SOURCE = 'istio/istio@1.30.3:pkg/config/analysis/analyzers/annotations/annotations.go';

/** One label or annotation with what is known about it. */
export interface Item {
  readonly entry: Entry;
  readonly key: string;
  readonly where: MetadataMap;
  readonly known: MetadataKey | undefined;
  /** Set when the key is known in the other of the two places only. */
  readonly elsewhere: MetadataKey | undefined;
}

const OTHER_PLACE: Readonly<Record<MetadataPlace, MetadataPlace>> = { label: 'annotation', annotation: 'label' };

/** The domains in which only the meshes give names. */
const MESH_DOMAIN = /(?:^|\.)(?:istio|linkerd)\.io$/;
const itemsByRoot = new WeakMap<YamlNode, Item[]>();

/** The mesh keys of a resource. Computed once for all the rules, which run one after the other on the same tree. */
function itemsOf(root: YamlNode, context: RuleContext): Item[] {
  let items = itemsByRoot.get(root);
  if (!items) {
    items = metadataPlaces(context.kind, root).flatMap((where) =>
      entriesOf(where.map).flatMap((entry) => itemOf(entry, where)),
    );
    itemsByRoot.set(root, items);
  }
  return items;
}

function itemOf(entry: Entry, where: MetadataMap): Item[] {
  if (entry.key.templated) return [];
  const key = entry.key.text;
  const known = metadataKey(key, where.place);
  const elsewhere = known ? undefined : metadataKey(key, OTHER_PLACE[where.place]);
  return known || elsewhere || MESH_DOMAIN.test(prefixOf(key)) ? [{ entry, key, where, known, elsewhere }] : [];
}

export function eachItem(
  facts: CheckFacts,
  run: (item: Item, report: Report, context: RuleContext, root: YamlNode) => void,
): Rule {
  return {
    facts,
    run(root, report, context) {
      for (const item of itemsOf(root, context)) run(item, report, context, root);
    },
  };
}

/** Keys that the mesh writes are not the user's fault; some are judged by rules of the kind they stand on. */
export function isJudgedElsewhere(known: MetadataKey, context: RuleContext): boolean {
  return known.setByMesh === true || (known.judgedByKind === true && MESH_DOMAIN.test(context.group));
}

export function prefixOf(key: string): string {
  const slash = key.indexOf('/');
  return slash === -1 ? '' : key.slice(0, slash);
}
