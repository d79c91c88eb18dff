import { entryOf } from '../yaml/access.ts';
import { renameKey } from '../yaml/edits.ts';
import type { Entry } from '../yaml/tree.ts';
import * as check from './checks.ts';
import { isNewer, PROJECT_NAMES, targetOf } from './releases.ts';
import type { Fix } from './rule.ts';
import type { Field, Shape } from './shape.ts';
import { report, type Walk } from './walk.ts';

/** Whether a field is there in the API version, release and channel that the resource is for, and whether it will stay. */

/** False, with a problem, when the field is not in the API version that the resource is written in. */
export function checkAvailability(walk: Walk, entry: Entry, field: Field): boolean {
  const { definition, context } = walk;
  const { since, channel, versions } = field.doc;
  if (versions && !versions.includes(context.version) && Object.hasOwn(definition.versions, context.version)) {
    report(
      walk,
      check.OTHER_VERSION_FIELD,
      entry.key,
      `\`${field.name}\` does not exist in ${definition.group}/${context.version}, only in ${versions.join(', ')}; the API server drops it.`,
    );
    return false;
  }
  if (isNewer(since, definition.project, context.targets)) {
    if (since === undefined || since === walk.told.since) return true;
    walk.told.since = since;
    report(
      walk,
      check.NEWER_FIELD,
      entry.key,
      `\`${field.name}\` came with ${PROJECT_NAMES[definition.project]} ${since}, and the target is ${targetOf(definition.project, context.targets)}; that release does not know it.`,
    );
  } else if (
    channel === 'experimental' &&
    definition.channel !== 'experimental' &&
    context.targets.gatewayApi.channel === 'standard'
  ) {
    report(
      walk,
      check.EXPERIMENTAL_FIELD,
      entry.key,
      `\`${field.name}\` is only in the experimental channel of the Gateway API; with the standard channel the API server drops it.`,
    );
  }
  return true;
}

/** Whether the field exists at all in the version in use, so that its absence can matter. */
export function isAvailable(walk: Pick<Walk, 'context' | 'definition'>, field: Field): boolean {
  const { since, channel, versions } = field.doc;
  const { context, definition } = walk;
  if (versions && !versions.includes(context.version)) return false;
  if (isNewer(since, definition.project, context.targets)) return false;
  return !(
    channel === 'experimental' &&
    definition.channel !== 'experimental' &&
    context.targets.gatewayApi.channel === 'standard'
  );
}

/** The field is deprecated; where another takes its place with the same kind of value, the key can simply be renamed. */
export function reportDeprecated(walk: Walk, entry: Entry, field: Field): void {
  const { deprecated } = field.doc;
  if (!deprecated) return;
  const { use, note } = deprecated;
  const target = use === undefined ? undefined : walk.around.at(-1)?.shape.fields.get(use);
  const renames =
    target !== undefined && takesTheSame(field.shape, target.shape) && !entryOf(entry.value.parent, target.name);
  const fixes: Fix[] = renames
    ? [{ title: `Rename to \`${target.name}\``, safe: false, edits: [renameKey(entry.key, target.name)] }]
    : [];
  report(walk, check.DEPRECATED_FIELD, entry.key, `\`${field.name}\` is deprecated. ${note}`, {
    fixes,
    tag: 'deprecated',
  });
}

function takesTheSame(a: Shape, b: Shape): boolean {
  if (a === b) return true;
  if (a.type === 'list' && b.type === 'list') return takesTheSame(a.item, b.item);
  if (a.type === 'map' && b.type === 'map') return takesTheSame(a.value, b.value);
  if (a.type === 'string' && b.type === 'string') return !a.values && !b.values;
  return a.type === b.type && a.type !== 'object';
}
