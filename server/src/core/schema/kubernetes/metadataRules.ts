import { asScalar, at, entriesOf, entryOf, text } from '../../yaml/access.ts';
import { renameKey, replaceScalar } from '../../yaml/edits.ts';
import type { Entry, ScalarNode, YamlNode } from '../../yaml/tree.ts';
import { NEWER_FIELD } from '../checks.ts';
import { isNewer, PROJECT_NAMES, targetOf } from '../releases.ts';
import type { CheckFacts, Fix, Report, Rule, RuleContext } from '../rule.ts';
import { listOf } from '../rules.ts';
import { nearestName } from '../unknownField.ts';
import { enrollmentRules } from './enrollmentRules.ts';
import { isReadOn, METADATA_KEYS, type MetadataMap, metadataKey, metadataPlaces, templateOf } from './meshMetadata.ts';
import type { MetadataKey, MetadataPlace } from './metadataKey.ts';
import { linkerdDurationMs } from './metadataValues.ts';

/**
 * What can be wrong with labels and annotations of the meshes. Keys of others are never reported. Every rule takes the
 * root of a resource, whatever its kind.
 */

const ISTIO_SOURCE = 'istio/istio@1.30.3:pkg/config/analysis/analyzers/annotations/annotations.go';

const UNKNOWN: CheckFacts = {
  code: 'unknown-mesh-metadata',
  severity: 'warning',
  what: 'A label or annotation with a name of Istio or Linkerd that neither of them knows.',
  why: 'It is read by nobody, so what it was meant to do never happens.',
  todo: 'Correct the name or remove it.',
  peers: ['IST0108'],
  source: ISTIO_SOURCE,
};

const INVALID: CheckFacts = {
  code: 'invalid-mesh-metadata-value',
  severity: 'warning',
  what: 'A label or annotation of a mesh has a value that the mesh cannot read.',
  why: 'Depending on the key, the value is ignored without a word, the default is used, or the pod or route is refused.',
  todo: 'Use one of the values that the message names.',
  peers: ['IST0125', 'LKD:timeout-annotation', 'LKD:retry-annotation'],
  source: ISTIO_SOURCE,
};

const MISPLACED: CheckFacts = {
  code: 'misplaced-mesh-metadata',
  severity: 'warning',
  what: 'A label or annotation of a mesh on a kind on which it is not read.',
  why: 'It does nothing there. The most common case: on a Deployment itself, where it belongs on the pod template.',
  todo: 'Move it to one of the kinds that the message names, or remove it.',
  peers: ['IST0107'],
  source: ISTIO_SOURCE,
};

const TO_ANNOTATION: CheckFacts = {
  code: 'label-should-be-annotation',
  severity: 'warning',
  what: 'A label that the mesh reads as an annotation only.',
  why: 'As a label it does nothing.',
  todo: 'Move it to `metadata.annotations`.',
  peers: ['LKD:label-should-be-annotation'],
  source: 'linkerd/linkerd2@edge-26.8.3:pkg/healthcheck',
};

const TO_LABEL: CheckFacts = {
  code: 'annotation-should-be-label',
  severity: 'warning',
  what: 'An annotation that the mesh reads as a label only.',
  why: 'As an annotation it does nothing: selectors do not see annotations.',
  todo: 'Move it to `metadata.labels`.',
  peers: ['LKD:annotation-should-be-label'],
  source: 'linkerd/linkerd2@edge-26.8.3:pkg/healthcheck',
};

const DEPRECATED: CheckFacts = {
  code: 'deprecated-mesh-metadata',
  severity: 'info',
  what: 'A label or annotation of a mesh that is deprecated.',
  why: 'It may stop working in a later release, or has already.',
  todo: 'Use what replaces it.',
  peers: ['IST0135'],
  source: ISTIO_SOURCE,
};

/** One label or annotation with what is known about it. */
interface Item {
  readonly entry: Entry;
  readonly key: string;
  readonly where: MetadataMap;
  readonly known: MetadataKey | undefined;
  /** Set when the key is known in the other of the two places only. */
  readonly elsewhere: MetadataKey | undefined;
}

const OTHER_PLACE: Readonly<Record<MetadataPlace, MetadataPlace>> = { label: 'annotation', annotation: 'label' };

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

function eachItem(
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

// --- unknown keys --------------------------------------------------------------------------------------------------

const prefixesInUse = new Set(METADATA_KEYS.map((known) => prefixOf(known.key)));

/** Names that the charts of the meshes write, beside those that have a meaning. */
const TOLERATED = new Set([
  'linkerd.io/helm-release-version',
  'linkerd.io/identity-mode',
  'istio.io/deployment',
  'istio.io/owned-by',
]);
const TOLERATED_PREFIXES = new Set([
  'install.operator.istio.io',
  'operator.istio.io',
  'internal.istio.io',
  'test.istio.io',
]);

function prefixOf(key: string): string {
  const slash = key.indexOf('/');
  return slash === -1 ? '' : key.slice(0, slash);
}

const unknownKey = eachItem(UNKNOWN, ({ entry, key, where, known, elsewhere }, report) => {
  const prefix = prefixOf(key);
  if (known || elsewhere || TOLERATED.has(key) || TOLERATED_PREFIXES.has(prefix)) return;
  const candidates = METADATA_KEYS.filter(
    (candidate) => candidate.place === where.place && !candidate.setByMesh && !candidate.isPrefix,
  ).map((candidate) => candidate.key);
  const near = nearestName(key, candidates);
  if (near !== undefined) {
    report(entry.key, `No mesh reads \`${key}\`. Did you mean \`${near}\`?`, {
      fixes: [{ title: `Change to \`${near}\``, safe: false, edits: [renameKey(entry.key, near)] }],
    });
  } else if (prefixesInUse.has(prefix) || (where.place === 'annotation' && prefix.endsWith('istio.io'))) {
    report(entry.key, `No mesh reads the ${where.place} \`${key}\`; it has no effect.`);
  }
});

// --- label or annotation -------------------------------------------------------------------------------------------

/** With nothing else in the map and no map of the other name, the map itself can be renamed. */
function renamePlace({ where }: Item, to: MetadataPlace): Fix[] {
  if (!where.map.key || where.map.entries.length !== 1 || entryOf(where.metadata, `${to}s`)) return [];
  return [
    {
      title: `Make it ${to === 'label' ? 'a label' : 'an annotation'}`,
      safe: false,
      edits: [renameKey(where.map.key, `${to}s`)],
    },
  ];
}

function wrongPlace(facts: CheckFacts, to: MetadataPlace): Rule {
  return eachItem(facts, (item, report) => {
    const { entry, key, elsewhere } = item;
    if (!elsewhere || elsewhere.place !== to || elsewhere.setByMesh) return;
    const [wanted, found] = to === 'label' ? ['a label', 'an annotation'] : ['an annotation', 'a label'];
    report(entry.key, `\`${key}\` is read as ${wanted}; as ${found} it does nothing.`, {
      fixes: renamePlace(item, to),
    });
  });
}

// --- kinds ---------------------------------------------------------------------------------------------------------

/** Keys that the mesh writes are not the user's fault; some are judged by rules of the kind they stand on. */
function isJudgedElsewhere(known: MetadataKey, context: RuleContext): boolean {
  return known.setByMesh === true || (known.judgedByKind === true && MESH_DOMAIN.test(context.group));
}

const misplaced = eachItem(MISPLACED, ({ entry, key, where, known }, report, context, root) => {
  if (!known || isJudgedElsewhere(known, context) || known.harmlessElsewhere || isReadOn(known, where.ownerKind))
    return;
  const template = templateOf(context.kind);
  if (template && where.ownerKind === context.kind && isReadOn(known, template.ownerKind)) {
    // Common labels are often put on both, and then the one on the template does the work.
    if (entryOf(at(root, ...template.path, `${where.place}s`), key)) return;
    report(
      entry.key,
      `\`${key}\` belongs on the pod template (\`${template.path.join('.')}.${where.place}s\`); on the ${context.kind} itself it does nothing.`,
    );
    return;
  }
  const onTemplates = known.on?.includes('Pod') && known.on.length === 1 ? ' and pod templates' : '';
  report(
    entry.key,
    `\`${key}\` is not read on a ${where.ownerKind}, only on ${listOf(known.on ?? [], 'and')}${onTemplates}.`,
  );
});

// --- values --------------------------------------------------------------------------------------------------------

/** The kinds whose metadata no schema checks, because nothing else of them is ours to judge. */
const CORE_GROUPS = new Set(['', 'apps', 'batch', 'networking.k8s.io']);

function isStrict(known: MetadataKey): boolean {
  return known.strict === true || known.mesh === 'linkerd';
}

const invalidValue = eachItem(INVALID, ({ entry, key, where, known }, report, context) => {
  const scalar = asScalar(entry.value);
  if (!known || isJudgedElsewhere(known, context) || scalar?.templated || !isReadOn(known, where.ownerKind)) return;
  const severity = isStrict(known) ? 'error' : 'warning';
  if (!scalar) return;
  if (scalar.type !== 'string') {
    // An absent value is told by the schema; so is a wrong type, for kinds that have one.
    if (scalar.type === 'null' || !CORE_GROUPS.has(context.group)) return;
    const fixes = [
      { title: 'Put the value in quotes', safe: true, edits: [replaceScalar(scalar, JSON.stringify(scalar.text))] },
    ];
    report(
      scalar,
      `Labels and annotations are text: put \`${scalar.text}\` in quotes, else the API server refuses the object.`,
      { severity: 'error', fixes },
    );
    return;
  }
  if (known.value.accepts(scalar.text)) return;
  report(scalar, `\`${key}\` cannot be \`${shortened(scalar.text)}\`. It takes ${known.value.takes}.`, {
    severity,
    fixes: valueFixes(scalar, known),
  });
});

function shortened(value: string): string {
  return value.length > 60 ? `${value.slice(0, 60)}…` : value;
}

/** Booleans that are meant as the words of the key, and slips of the finger. */
function valueFixes(scalar: ScalarNode, known: MetadataKey): Fix[] {
  const values = [...(known.value.values?.keys() ?? [])];
  const meant = { true: 'enabled', false: 'disabled', enabled: 'true', disabled: 'false' }[scalar.text.toLowerCase()];
  const near = meant !== undefined && values.includes(meant) ? meant : nearestName(scalar.text, values);
  if (near === undefined) return bareNumberFixes(scalar, known);
  return [{ title: `Change to \`${near}\``, safe: false, edits: [replaceScalar(scalar, quotedLike(scalar, near))] }];
}

/** A number without a unit, where the mesh takes a duration: seconds are what people mean. */
function bareNumberFixes(scalar: ScalarNode, known: MetadataKey): Fix[] {
  const seconds = `${scalar.text}s`;
  if (!/^\d+$/.test(scalar.text) || !known.value.accepts(seconds)) return [];
  return [{ title: `Change to \`${seconds}\``, safe: false, edits: [replaceScalar(scalar, seconds)] }];
}

function quotedLike(scalar: ScalarNode, value: string): string {
  return value === 'true' || value === 'false' || scalar.style === 'double' ? JSON.stringify(value) : value;
}

const MIN_PENALTY = 'balancer.linkerd.io/failure-accrual-consecutive-min-penalty';
const MAX_PENALTY = 'balancer.linkerd.io/failure-accrual-consecutive-max-penalty';

const penaltyOrder: Rule = {
  facts: INVALID,
  run(root, report) {
    const annotations = at(root, 'metadata', 'annotations');
    const [min, max] = [text(annotations, MIN_PENALTY) ?? '1s', text(annotations, MAX_PENALTY) ?? '60s'];
    const [minMs, maxMs] = [linkerdDurationMs(min), linkerdDurationMs(max)];
    const node = at(annotations, MIN_PENALTY) ?? at(annotations, MAX_PENALTY);
    if (!node || minMs === undefined || maxMs === undefined || maxMs === 0n || minMs <= maxMs) return;
    report(
      node,
      `The shortest penalty (${min}) is longer than the longest (${max}), so that circuit breaking stays off.`,
      { severity: 'error' },
    );
  },
};

// --- age -----------------------------------------------------------------------------------------------------------

const deprecatedKey = eachItem(DEPRECATED, ({ entry, key, where, known }, report) => {
  if (!known?.deprecated) return;
  const { note, use } = known.deprecated;
  // Renaming keeps the value; where the replacement takes another form, only the user can write it.
  const renames =
    use &&
    use.place === where.place &&
    metadataKey(use.key, use.place)?.value.takes === known.value.takes &&
    !entryOf(where.map, use.key);
  const fixes: Fix[] =
    use && renames ? [{ title: `Rename to \`${use.key}\``, safe: false, edits: [renameKey(entry.key, use.key)] }] : [];
  report(entry.key, `\`${key}\` is deprecated. ${note}`, { fixes, tag: 'deprecated' });
});

const newerKey = eachItem(NEWER_FIELD, ({ entry, key, known }, report, context) => {
  if (!known || !isNewer(known.since, known.mesh, context.targets)) return;
  report(
    entry.key,
    `\`${key}\` came with ${PROJECT_NAMES[known.mesh]} ${known.since}, and the target is ${targetOf(known.mesh, context.targets)}; that release does not know it.`,
  );
});

export const metadataRules: readonly Rule[] = [
  unknownKey,
  wrongPlace(TO_ANNOTATION, 'annotation'),
  wrongPlace(TO_LABEL, 'label'),
  misplaced,
  invalidValue,
  penaltyOrder,
  deprecatedKey,
  newerKey,
  ...enrollmentRules,
];

/** The name under which the walk still asks for one rule. */
export const metadataRule: Rule = metadataRules[0] ?? unknownKey;
