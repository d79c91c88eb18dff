import { anchorOf, at, deref, entriesOf, entryOf, isPresent, isTemplated, text } from '../yaml/access.ts';
import { addEntry, removeEntry, removeItem } from '../yaml/edits.ts';
import type { Entry, MapNode, SeqNode, YamlNode } from '../yaml/tree.ts';
import { checkAvailability, isAvailable, reportDeprecated } from './availability.ts';
import * as check from './checks.ts';
import { hasRightType, matchPattern, validateNumber, validateString } from './scalars.ts';
import type { Field, ListShape, MapShape, ObjectShape, Shape } from './shape.ts';
import { reportUnknownField } from './unknownField.ts';
import { brief, isFull, nameOf, report, runRules, type Walk } from './walk.ts';

/** The walk that compares a resource with the definition of its kind and reports the deepest differences. */

/** Deeper than any resource; stops cyclic aliases. */
const MAX_WALK_DEPTH = 64;

/** Validates a node against a shape, deepest problems only. */
export function validateNode(walk: Walk, node: YamlNode, shape: Shape, depth = 0): void {
  const target = deref(node);
  if (!target || depth > MAX_WALK_DEPTH || walk.budget.nodes-- <= 0) return;
  if (target.kind === 'scalar' && target.templated) return;
  if (!hasRightType(walk, node, target, shape)) return;
  const before = walk.problems.length;
  switch (shape.type) {
    case 'object':
      if (target.kind === 'map') validateObject(walk, target, shape, depth);
      break;
    case 'map':
      if (target.kind === 'map') validateMap(walk, target, shape, depth);
      break;
    case 'list':
      if (target.kind === 'seq') validateList(walk, target, shape, depth);
      break;
    case 'string':
      if (target.kind === 'scalar') validateString(walk, target, shape);
      break;
    case 'int':
    case 'number':
      if (target.kind === 'scalar') validateNumber(walk, target, shape);
      break;
    case 'intOrString':
      if (target.kind === 'scalar' && target.type === 'string') matchPattern(walk, target, shape);
      break;
    default:
  }
  // A scalar that is already wrong is not judged twice; objects are, because their rules look at other fields.
  if (target.kind === 'scalar' && walk.problems.length > before) return;
  runRules(walk, target, shape.rules);
}

function validateObject(walk: Walk, node: MapNode, shape: ObjectShape, depth: number): void {
  reportDuplicateKeys(walk, node);
  walk.around.push({ node, shape });
  for (const entry of entriesOf(node)) {
    if (isFull(walk)) break;
    const field = shape.fields.get(entry.key.text);
    if (entry.key.templated || isUnresolved(entry.value) || isPatchDirective(walk, entry)) continue;
    if (field) validateField(walk, entry, field, depth);
    else if (!shape.open) reportUnknownField(walk, node, entry, shape);
  }
  walk.around.pop();
  if (walk.context.partial) return;
  for (const field of shape.required) {
    if (!entryOf(node, field.name) && isAvailable(walk, field)) reportMissing(walk, node, field);
  }
}

/** An alias without an anchor, which is a fault of the YAML and told as such. */
function isUnresolved(node: YamlNode): boolean {
  return deref(node) === undefined;
}

/** `$patch: delete` and its kin tell Kustomize what to do; they never reach the API server. */
function isPatchDirective(walk: Walk, entry: Entry): boolean {
  return walk.context.partial && entry.key.text.startsWith('$');
}

/** `key: null`, spelled out, removes the key when the patch is merged; forgotten values are never spelled. */
function removesInPatch(walk: Walk, node: YamlNode): boolean {
  return walk.context.partial && node.end > node.start;
}

/** Duplicates are told once, on the later key, whatever comes of the values. */
export function reportDuplicateKeys(walk: Walk, node: MapNode): void {
  if (!repeatsKeys(node)) return;
  const first = new Map<string, Entry>();
  for (const entry of node.entries) {
    const key = entry.key.text;
    const earlier = first.get(key);
    if (isFull(walk)) return;
    if (!earlier) first.set(key, entry);
    else if (!entry.key.templated && key !== '<<' && !mayBeBranches(walk, earlier.key, entry.key)) {
      const edit = removeEntry(walk.text, earlier.value);
      const same =
        walk.text.slice(earlier.value.start, earlier.value.end) === walk.text.slice(entry.value.start, entry.value.end);
      report(
        walk,
        check.DUPLICATE_KEY,
        entry.key,
        `\`${brief(key)}\` is already set above in the same map; one of the two values is dropped.`,
        {
          related: [{ span: earlier.key, message: 'first set here' }],
          fixes: edit ? [{ title: `Remove the earlier \`${brief(key)}\``, safe: same, edits: [edit] }] : [],
        },
      );
    }
  }
}

/** In maps as small as most are, comparing all with all is quicker than a set. */
const FEW = 8;

function repeatsKeys({ entries }: MapNode): boolean {
  if (entries.length > FEW) return new Set(entries.map(({ key }) => key.text)).size < entries.length;
  for (let at = 1; at < entries.length; at++) {
    const text = entries[at]?.key.text;
    for (let before = 0; before < at; before++) if (entries[before]?.key.text === text) return true;
  }
  return false;
}

/** Two things with a template action between them may stand in branches of which only one will be there. */
function mayBeBranches(walk: Walk, earlier: YamlNode, later: YamlNode): boolean {
  return walk.context.partial && walk.text.slice(earlier.start, later.start).includes('{{');
}

function validateField(walk: Walk, entry: Entry, field: Field, depth: number): void {
  const told = walk.told.since;
  if (checkAvailability(walk, entry, field)) validateValue(walk, entry, field, depth);
  walk.told.since = told;
}

function validateValue(walk: Walk, entry: Entry, field: Field, depth: number): void {
  if (field.doc.deprecated) reportDeprecated(walk, entry, field);
  if (!isPresent(entry.value) && field.shape.type !== 'any') {
    if (removesInPatch(walk, entry.value)) return;
    if (field.required && !walk.context.partial)
      report(walk, check.MISSING_REQUIRED, entry.key, `\`${field.name}\` is required and has no value.`);
    else
      report(
        walk,
        check.EMPTY_VALUE,
        entry.key,
        `\`${field.name}:\` has no value, which means null: the field counts as absent.`,
      );
    return;
  }
  validateNode(walk, entry.value, field.shape, depth + 1);
}

function reportMissing(walk: Walk, node: MapNode, field: Field): void {
  const edit = addEntry(walk.text, node, field.name, placeholderFor(field.shape));
  const where = node.key || node.parent ? nameOf(node) : 'the resource';
  report(walk, check.MISSING_REQUIRED, node, `${where} needs \`${field.name}\`, which is required.`, {
    fixes: [{ title: `Add \`${field.name}\``, safe: false, edits: [edit] }],
  });
}

/** What a required field is first filled with; enums with one value get it, the rest is for the user to write. */
function placeholderFor(shape: Shape): string {
  switch (shape.type) {
    case 'list':
      return '[]';
    case 'object':
    case 'map':
      return '{}';
    case 'string':
      return shape.values?.keys().next().value ?? '""';
    case 'int':
    case 'number':
      return String(shape.min ?? 0);
    case 'bool':
      return 'false';
    default:
      return '""';
  }
}

// --- maps and lists ------------------------------------------------------------------------------------------------

function validateMap(walk: Walk, node: MapNode, shape: MapShape, depth: number): void {
  reportDuplicateKeys(walk, node);
  const entries = entriesOf(node);
  reportCount(walk, node, entries.length, shape, 'entries');
  for (const entry of entries) {
    if (isPresent(entry.value)) validateNode(walk, entry.value, shape.value, depth + 1);
    else if (shape.value.type !== 'any' && !isUnresolved(entry.value) && !removesInPatch(walk, entry.value))
      report(
        walk,
        check.EMPTY_VALUE,
        entry.key,
        `\`${brief(entry.key.text)}:\` has no value, which means null: the entry counts as absent.`,
      );
  }
}

function validateList(walk: Walk, node: SeqNode, shape: ListShape, depth: number): void {
  reportCount(walk, node, node.items.length, shape, 'items');
  for (const item of node.items) {
    if (isPresent(item)) validateNode(walk, item, shape.item, depth + 1);
    else if (shape.item.type !== 'any' && !isUnresolved(item))
      report(
        walk,
        check.WRONG_TYPE,
        item,
        `An item of ${nameOf(node)} is empty, which means null; the API server refuses it.`,
      );
  }
  if (shape.mapKeys.length > 0 || shape.unique) reportDuplicateItems(walk, node, shape);
}

function reportCount(
  walk: Walk,
  node: YamlNode,
  count: number,
  shape: { readonly min?: number; readonly max?: number },
  word: string,
): void {
  const { min, max } = shape;
  if (min !== undefined && count < min && !walk.context.partial) {
    const message =
      min === 1 ? `${nameOf(node)} must not be empty.` : `${nameOf(node)} must have at least ${min} ${word}.`;
    report(walk, check.OUT_OF_RANGE, node, message);
  } else if (max !== undefined && count > max) {
    report(walk, check.OUT_OF_RANGE, node, `${nameOf(node)} may have at most ${max} ${word}, and this has ${count}.`);
  }
}

function reportDuplicateItems(walk: Walk, node: SeqNode, shape: ListShape): void {
  const first = new Map<string, YamlNode>();
  for (const item of node.items) {
    const identity = identityOf(item, shape);
    if (isFull(walk)) return;
    if (identity === undefined) continue;
    const earlier = first.get(identity);
    if (!earlier) {
      first.set(identity, item);
      continue;
    }
    if (mayBeBranches(walk, earlier, item)) continue;
    const named =
      shape.mapKeys.length > 0
        ? `the same ${shape.mapKeys.map((key) => `\`${key}\``).join(' and ')}`
        : 'the same value';
    const edit = removeItem(walk.text, item);
    report(
      walk,
      check.DUPLICATE_LIST_ITEM,
      item,
      `Another item of ${nameOf(node)} has ${named}; the API server refuses duplicates.`,
      {
        related: [{ span: anchorOf(earlier), message: 'the first one' }],
        fixes: edit ? [{ title: 'Remove this item', safe: false, edits: [edit] }] : [],
      },
    );
  }
}

/** The identity of a list item, or undefined when it cannot be known because of a template. */
function identityOf(item: YamlNode, shape: ListShape): string | undefined {
  if (shape.mapKeys.length === 0) return text(item);
  if (shape.mapKeys.some((key) => isTemplated(at(item, key)))) return undefined;
  const parts = shape.mapKeys.map((key) => text(item, key));
  return parts.every((part) => part === undefined) ? undefined : JSON.stringify(parts.map((part) => part ?? null));
}
