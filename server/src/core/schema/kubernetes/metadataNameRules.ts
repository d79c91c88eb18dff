import { asMap, at, entryOf } from '../../yaml/access.ts';
import { renameKey } from '../../yaml/edits.ts';
import type { CheckFacts, Rule } from '../rule.ts';
import { listOf } from '../rules.ts';
import { nearestName } from '../unknownField.ts';
import { isReadOn, METADATA_KEYS, templateOf } from './meshMetadata.ts';
import { ANALYZER_SOURCE, eachItem, isJudgedElsewhere, prefixOf } from './metadataItems.ts';
import type { MetadataPlace } from './metadataKey.ts';
import { moveFixes } from './metadataMoves.ts';

/** Mesh labels and annotations that nobody reads: because of their name, of the place, or of the kind that they stand on. */

const UNKNOWN: CheckFacts = {
  code: 'unknown-mesh-metadata',
  severity: 'warning',
  what: 'A label or annotation with a name of Istio or Linkerd that neither of them knows.',
  why: 'It is read by nobody, so what it was meant to do never happens.',
  todo: 'Correct the name or remove it.',
  peers: ['IST0108'],
  webhook: false,
  source: ANALYZER_SOURCE,
};

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

function nearestKey(key: string, place: MetadataPlace): string | undefined {
  const candidates = METADATA_KEYS.filter(
    (candidate) => candidate.place === place && !candidate.setByMesh && !candidate.isPrefix,
  ).map((candidate) => candidate.key);
  return nearestName(key, candidates);
}

/** Prefixes of annotations: a label there that is no slip of a known one was meant as an annotation. */
const CONFIGURATION = new Set(['config.linkerd.io', 'config.alpha.linkerd.io']);

function isConfiguration(key: string, place: MetadataPlace): boolean {
  return place === 'label' && CONFIGURATION.has(prefixOf(key)) && nearestKey(key, place) === undefined;
}

const unknownKey = eachItem(UNKNOWN, ({ entry, key, where, known, elsewhere }, report) => {
  const prefix = prefixOf(key);
  if (known || elsewhere || isConfiguration(key, where.place) || TOLERATED.has(key) || TOLERATED_PREFIXES.has(prefix))
    return;
  const near = nearestKey(key, where.place);
  if (near !== undefined) {
    report(entry.key, `No mesh reads \`${key}\`. Did you mean \`${near}\`?`, {
      fixes: [{ title: `Change to \`${near}\``, safe: false, edits: [renameKey(entry.key, near)] }],
    });
  } else if (prefixesInUse.has(prefix) || (where.place === 'annotation' && prefix.endsWith('istio.io'))) {
    report(entry.key, `No mesh reads the ${where.place} \`${key}\`; it has no effect.`);
  }
});

const TO_ANNOTATION: CheckFacts = {
  code: 'label-should-be-annotation',
  severity: 'warning',
  what: 'A label that the mesh reads as an annotation only.',
  why: 'As a label it does nothing.',
  todo: 'Move it to `metadata.annotations`.',
  peers: ['LKD:label-should-be-annotation'],
  webhook: false,
  source: 'linkerd/linkerd2@edge-26.8.3:pkg/healthcheck',
};

const TO_LABEL: CheckFacts = {
  code: 'annotation-should-be-label',
  severity: 'warning',
  what: 'An annotation that the mesh reads as a label only.',
  why: 'As an annotation it does nothing: selectors do not see annotations.',
  todo: 'Move it to `metadata.labels`.',
  peers: ['LKD:annotation-should-be-label'],
  webhook: false,
  source: 'linkerd/linkerd2@edge-26.8.3:pkg/healthcheck',
};

function wrongPlace(facts: CheckFacts, to: MetadataPlace): Rule {
  return eachItem(facts, ({ entry, key, where, known, elsewhere }, report, context) => {
    const isUnknown = !known && !elsewhere && to === 'annotation' && isConfiguration(key, where.place);
    if (!isUnknown && (!elsewhere || elsewhere.place !== to || elsewhere.setByMesh)) return;
    const [wanted, found] = to === 'label' ? ['a label', 'an annotation'] : ['an annotation', 'a label'];
    const message = isUnknown
      ? `\`${key}\` does nothing as a label: Linkerd reads its settings from annotations.`
      : `\`${key}\` is read as ${wanted}; as ${found} it does nothing.`;
    report(entry.key, message, {
      // Moved, it would still be a name that nobody knows.
      fixes: isUnknown ? [] : moveFixes(`Make it ${wanted}`, context.text, entry, where, where.metadata, to),
    });
  });
}

const MISPLACED: CheckFacts = {
  code: 'misplaced-mesh-metadata',
  severity: 'warning',
  what: 'A label or annotation of a mesh on a kind on which it is not read.',
  why: 'It does nothing there. The most common case: on a Deployment itself, where it belongs on the pod template.',
  todo: 'Move it to one of the kinds that the message names, or remove it.',
  peers: ['IST0107'],
  webhook: false,
  source: ANALYZER_SOURCE,
};

const misplaced = eachItem(MISPLACED, ({ entry, key, where, known }, report, context, root) => {
  if (!known || isJudgedElsewhere(known, context) || known.harmlessElsewhere || isReadOn(known, where.ownerKind))
    return;
  const template = templateOf(context.kind);
  if (template && where.ownerKind === context.kind && isReadOn(known, template.ownerKind)) {
    // Common labels are often put on both, and then the one on the template does the work.
    if (entryOf(at(root, ...template.path, `${where.place}s`), key)) return;
    const pods = template.ownerKind === 'Pod' ? 'on the pod template, ' : '';
    const home = `${template.path.join('.')}.${where.place}s`;
    const metadata = asMap(at(root, ...template.path));
    report(entry.key, `\`${key}\` belongs ${pods}in \`${home}\`; on the ${context.kind} itself it does nothing.`, {
      fixes: metadata ? moveFixes(`Move to \`${home}\``, context.text, entry, where, metadata, where.place) : [],
    });
    return;
  }
  const onTemplates = known.on?.includes('Pod') && known.on.length === 1 ? ' and pod templates' : '';
  report(
    entry.key,
    `\`${key}\` is not read on a ${where.ownerKind}, only on ${listOf(known.on ?? [], 'and')}${onTemplates}.`,
  );
});

export const metadataNameRules: readonly Rule[] = [
  unknownKey,
  wrongPlace(TO_ANNOTATION, 'annotation'),
  wrongPlace(TO_LABEL, 'label'),
  misplaced,
];
