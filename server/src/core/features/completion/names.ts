import type { SourceFile } from '../../model/file.ts';
import { kindKeyOf, type Located, NOTHING_ADDED } from '../../model/located.ts';
import { locatedAt } from '../../model/references/atOffset.ts';
import { type LabelForm, labelKeys } from '../../model/references/labels.ts';
import { formAt } from '../../model/references/names.ts';
import type { Candidate, NameForm, NameScope, Path, Use } from '../../model/references/reference.ts';
import { resourcesOf } from '../../model/resource.ts';
import { documentAt } from '../../model/target.ts';
import type { Snapshot } from '../../model/workspace.ts';
import { at, items, text } from '../../yaml/access.ts';
import type { KeyCursor } from '../../yaml/cursorPlace.ts';
import { scalarText } from '../../yaml/edits.ts';
import { type CompletionItem, fileSpan, type Request } from './item.ts';
import { simpleKey } from './keys.ts';
import { blankBefore } from './values.ts';

/** Names of the workspace, in the fields that name something. */

export interface NameSource {
  readonly snapshot: Snapshot;
  readonly file: SourceFile;
  readonly scope: NameScope;
  /** Of the cursor in the file. */
  readonly offset: number;
}

/** A client shows some dozens; where there are more names than this, it has to ask again as the user types. */
export const MAX_NAMES = 500;

/** The names that can stand at the cursor, nearest namespace first; undefined where a field names nothing. */
export function nameItems(request: Request, path: Path, source: NameSource): CompletionItem[] | undefined {
  const found = useAt(request, path, source);
  if (!found) return undefined;
  const { form, use } = found;
  const taken = otherItems(use);
  const unique = new Map<string, Candidate>();
  for (const candidate of form.candidates(use)) {
    const key = `${candidate.name} ${candidate.beside?.value ?? ''}`;
    const known = unique.get(key);
    if (!known || candidate.rank < known.rank) unique.set(key, candidate);
  }
  const free = [...unique.values()].filter(({ name }) => !taken.has(name));
  return narrowed(free, request.cursor.prefix)
    .sort((a, b) => a.rank - b.rank || (a.name < b.name ? -1 : 1))
    .slice(0, MAX_NAMES)
    .map((candidate, order) => itemOf(candidate, request, order));
}

/** Too many to be sent are first looked through for what is typed. */
function narrowed(candidates: readonly Candidate[], typed: string): Candidate[] {
  return candidates.length > MAX_NAMES ? candidates.filter(({ name }) => name.includes(typed)) : [...candidates];
}

/** What the list has already, when the name is an item of one. */
function otherItems({ located, path }: Use): Set<string | undefined> {
  const index = path.at(-1);
  if (typeof index !== 'number') return new Set();
  return new Set(
    items(located.root, ...path.slice(0, -1))
      .filter((_, at) => at !== index)
      .map((item) => text(item)),
  );
}

/** The names that can begin an item of a list, with the dash where it is not written yet. */
export function nameItemsOfList(
  request: Request<KeyCursor>,
  path: Path,
  source: NameSource,
): CompletionItem[] | undefined {
  const { hasDash, indentFix } = request.cursor;
  const found = nameItems(request, [...path, 0], source);
  return hasDash ? found : found?.map((item) => ({ ...item, insertText: `${indentFix}- ${item.insertText}` }));
}

/** Names before the values that the schema knows for the same place, each once and with what the schema says of it. */
export function withNames(names: readonly CompletionItem[] | undefined, values: CompletionItem[]): CompletionItem[] {
  if (!names || names.length === 0) return values;
  const known = new Map(values.map((item) => [item.label, item]));
  const documented = names.map((item) => {
    const docId = known.get(item.label)?.docId;
    return docId === undefined ? item : { ...item, docId };
  });
  const taken = new Set(names.map(({ label }) => label));
  const others = values.filter(({ label }) => !taken.has(label));
  return [...documented, ...others.map((item) => ({ ...item, sortText: `1${item.sortText}` }))];
}

/** The label keys of what a selector can select; undefined where the cursor is in no selector. */
export function labelKeyItems(
  request: Request<KeyCursor>,
  path: Path,
  source: NameSource,
): CompletionItem[] | undefined {
  const found = useAt(request, [...path, ''], source);
  if (!found || !('selectable' in found.form)) return undefined;
  const keys = labelKeys(found.form as LabelForm, found.use);
  return [...keys]
    .filter(([key]) => !request.cursor.siblings.has(key))
    .map(([key, detail]) => simpleKey(request, key, detail, '$0'));
}

function useAt({ target, cursor }: Request, path: Path, source: NameSource): { form: NameForm; use: Use } | undefined {
  const { definition } = target;
  if (!definition) return undefined;
  const form = formAt(`${definition.group}/${definition.kind}`, path);
  const located =
    form && (locatedAt(source.snapshot, source.file, source.offset) ?? unnamed(source, cursor.path, target.depth));
  return form && located ? { form, use: { located, path, scope: source.scope } } : undefined;
}

/** A resource that has no name yet is nowhere in the workspace, but its fields can name others. */
function unnamed({ file, offset }: NameSource, path: Path, depth: number): Located | undefined {
  const placed = documentAt(file, offset);
  if (!placed) return undefined;
  const { root } = placed.document.parsed;
  const own = depth === 0 ? root : at(root, ...path.slice(0, depth));
  const resource = resourcesOf(placed.document.parsed).find((candidate) => candidate.root === own);
  if (!resource) return undefined;
  const namespace = resource.namespace ?? 'default';
  const { document } = placed;
  return {
    resource,
    kindKey: kindKeyOf(resource),
    path: file.path,
    document,
    root: resource.root,
    namespace,
    name: '',
    namespaceKnown: false,
    added: NOTHING_ADDED,
    labelsKnown: true,
    partial: false,
  };
}

function itemOf({ name, detail, beside, isNumber }: Candidate, request: Request, order: number): CompletionItem {
  const { cursor } = request;
  const value = isNumber ? name : written(name, cursor);
  const label = beside === undefined ? name : `${name} (${beside.value})`;
  return {
    label,
    kind: 'name',
    insertText: blankBefore(cursor) + value + (beside === undefined ? '' : fieldBeside(beside, cursor)),
    isSnippet: false,
    replace: fileSpan(request),
    filterText: name,
    sortText: `0${String(order).padStart(4, '0')}`,
    detail,
  };
}

function written(name: string, cursor: Request['cursor']): string {
  if (cursor.kind === 'value' && cursor.quote !== '') return name;
  return cursor.style === 'json' ? JSON.stringify(name) : scalarText(name, cursor.style === 'flow');
}

/** A further field after the name, in the column of its key. */
function fieldBeside({ key, value }: { key: string; value: string }, cursor: Request['cursor']): string {
  if (cursor.kind === 'value' && cursor.quote !== '') return '';
  if (cursor.style === 'json') return `, ${JSON.stringify(key)}: ${JSON.stringify(value)}`;
  if (cursor.style === 'flow') return `, ${key}: ${value}`;
  return `\n${' '.repeat(cursor.column)}${key}: ${value}`;
}
