import { asScalar, at, text } from '../../yaml/access.ts';
import { replaceScalar } from '../../yaml/edits.ts';
import type { ScalarNode } from '../../yaml/tree.ts';
import type { CheckFacts, Fix, Rule } from '../rule.ts';
import { nearestName } from '../unknownField.ts';
import { isReadOn } from './meshMetadata.ts';
import { ANALYZER_SOURCE, eachItem, isJudgedElsewhere } from './metadataItems.ts';
import type { MetadataKey } from './metadataKey.ts';
import { linkerdDurationMs } from './metadataValues.ts';

/** Mesh labels and annotations with values that the mesh cannot read. */

const INVALID: CheckFacts = {
  code: 'invalid-mesh-metadata-value',
  severity: 'warning',
  what: 'A label or annotation of a mesh has a value that the mesh cannot read.',
  why: 'Depending on the key, the value is ignored without a word, the default is used, or the pod or route is refused.',
  todo: 'Use one of the values that the message names.',
  peers: ['IST0125', 'LKD:timeout-annotation', 'LKD:retry-annotation'],
  webhook: false,
  source: ANALYZER_SOURCE,
};

/** The kinds whose metadata no schema checks, because nothing else of them is ours to judge. */
const CORE_GROUPS = new Set(['', 'apps', 'batch', 'networking.k8s.io']);

function isStrict(known: MetadataKey): boolean {
  return known.strict === true || known.mesh === 'linkerd';
}

const invalidValue = eachItem(INVALID, ({ entry, key, where, known }, report, context) => {
  const scalar = asScalar(entry.value);
  if (!known || !scalar || scalar.templated || isJudgedElsewhere(known, context) || !isReadOn(known, where.ownerKind))
    return;
  const severity = isStrict(known) ? 'error' : 'warning';
  // The schema of a kind tells of values that are no text; core kinds have none.
  if (scalar.type !== 'string' && !CORE_GROUPS.has(context.group)) return;
  if (scalar.type === 'null') {
    if (!known.value.accepts(''))
      report(entry.key, `\`${key}\` has no value. It takes ${known.value.takes}.`, { severity });
    return;
  }
  if (scalar.type !== 'string') {
    const fixes = [{ title: 'Put the value in quotes', safe: true, edits: [replaceScalar(scalar, scalar.text)] }];
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

const SYNONYMS = new Map([
  ['true', 'enabled'],
  ['false', 'disabled'],
  ['enabled', 'true'],
  ['disabled', 'false'],
]);

/** Booleans that are meant as the words of the key, and slips of the finger. */
function valueFixes(scalar: ScalarNode, known: MetadataKey): Fix[] {
  const values = [...(known.value.values?.keys() ?? [])];
  const meant = SYNONYMS.get(scalar.text.toLowerCase());
  const near = meant !== undefined && values.includes(meant) ? meant : nearestName(scalar.text, values);
  if (near === undefined) return bareNumberFixes(scalar, known);
  return [{ title: `Change to \`${near}\``, safe: false, edits: [replaceScalar(scalar, near)] }];
}

/** A number without a unit, where the mesh takes a duration: seconds are what people mean. */
function bareNumberFixes(scalar: ScalarNode, known: MetadataKey): Fix[] {
  const seconds = `${scalar.text}s`;
  if (!/^\d+$/.test(scalar.text) || !known.value.accepts(seconds)) return [];
  return [{ title: `Change to \`${seconds}\``, safe: false, edits: [replaceScalar(scalar, seconds)] }];
}

const MIN_PENALTY = 'balancer.linkerd.io/failure-accrual-consecutive-min-penalty';
const MAX_PENALTY = 'balancer.linkerd.io/failure-accrual-consecutive-max-penalty';

const penaltyOrder: Rule = {
  facts: INVALID,
  run(root, report) {
    const annotations = at(root, 'metadata', 'annotations');
    const node = at(annotations, MIN_PENALTY) ?? at(annotations, MAX_PENALTY);
    if (!node) return;
    const [min, max] = [text(annotations, MIN_PENALTY) ?? '1s', text(annotations, MAX_PENALTY) ?? '60s'];
    const [minMs, maxMs] = [linkerdDurationMs(min), linkerdDurationMs(max)];
    if (minMs === undefined || maxMs === undefined || maxMs === 0n || minMs <= maxMs) return;
    report(
      node,
      `The shortest penalty (${min}) is longer than the longest (${max}), so that circuit breaking stays off.`,
      { severity: 'error' },
    );
  },
};

export const metadataValueRules: readonly Rule[] = [invalidValue, penaltyOrder];
