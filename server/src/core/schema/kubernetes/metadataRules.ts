import { entryOf } from '../../yaml/access.ts';
import { renameKey } from '../../yaml/edits.ts';
import { NEWER_FIELD } from '../checks.ts';
import { isNewer, PROJECT_NAMES, targetOf } from '../releases.ts';
import type { CheckFacts, Fix, Rule } from '../rule.ts';
import { alphaKey } from './alphaMetadata.ts';
import { enrollmentRules } from './enrollmentRules.ts';
import { metadataKey } from './meshMetadata.ts';
import { ANALYZER_SOURCE, eachItem } from './metadataItems.ts';
import { metadataNameRules } from './metadataNameRules.ts';
import { metadataValueRules } from './metadataValueRules.ts';

/**
 * Everything that can be wrong with labels and annotations of the meshes. Keys of others are never reported. Every rule
 * takes the root of a resource, whatever its kind.
 */

const DEPRECATED: CheckFacts = {
  code: 'deprecated-mesh-metadata',
  severity: 'info',
  what: 'A label or annotation of a mesh that is deprecated.',
  why: 'It may stop working in a later release, or has already.',
  todo: 'Use what replaces it.',
  peers: ['IST0135'],
  webhook: false,
  source: ANALYZER_SOURCE,
};

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
  ...metadataNameRules,
  ...metadataValueRules,
  deprecatedKey,
  newerKey,
  alphaKey,
  ...enrollmentRules,
];
