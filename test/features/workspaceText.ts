import assert from 'node:assert/strict';
import { complete } from '../../server/src/core/features/completion/complete.ts';
import type { CompletionItem } from '../../server/src/core/features/completion/item.ts';
import { definitionAt } from '../../server/src/core/features/definition.ts';
import { hoverAt } from '../../server/src/core/features/hover.ts';
import { referencesAt } from '../../server/src/core/features/references.ts';
import { prepareRename, rename } from '../../server/src/core/features/rename.ts';
import type { SourceFile } from '../../server/src/core/model/file.ts';
import type { FilePlace } from '../../server/src/core/model/references/atOffset.ts';
import { type Snapshot, Workspace } from '../../server/src/core/model/workspace.ts';
import { DEFAULT_SETTINGS } from '../../server/src/core/settings.ts';
import { applyEdits } from '../../server/src/core/yaml/edits.ts';

/** Workspaces of several files in one text: a line `#- path` begins a file, `$0` is the cursor. */
export interface Scene {
  readonly snapshot: Snapshot;
  readonly file: SourceFile;
  readonly offset: number;
}

export function scene(marked: string): Scene {
  const workspace = new Workspace();
  let found: { file: SourceFile; offset: number } | undefined;
  for (const part of marked.split(/^#- /m).filter((text) => text.trim() !== '')) {
    const [path = '', ...lines] = part.split('\n');
    const text = lines.join('\n');
    const offset = text.indexOf('$0');
    const file = workspace.setFile(path.trim(), text.replace('$0', ''));
    if (offset !== -1) found = { file, offset };
  }
  assert.ok(found, 'one file has $0');
  return { snapshot: workspace.snapshot(), ...found };
}

/** Places as people read them: `file:line: text of the line, with the name in brackets`. */
export function shown({ snapshot }: Scene, places: readonly FilePlace[]): string[] {
  return places.map(({ path, span }) => {
    const text = snapshot.file(path)?.text ?? '';
    const start = text.lastIndexOf('\n', span.start - 1) + 1;
    const newline = text.indexOf('\n', span.end);
    const end = newline === -1 ? text.length : newline;
    const line = `${text.slice(start, span.start)}[${text.slice(span.start, span.end)}]${text.slice(span.end, end)}`;
    return `${path}: ${line.trim()}`;
  });
}

export function definition(marked: string): string[] {
  const at = scene(marked);
  return shown(at, definitionAt(at.snapshot, at.file, at.offset, DEFAULT_SETTINGS)?.places ?? []);
}

export function references(marked: string, withDeclaration = false): string[] {
  const at = scene(marked);
  return shown(at, referencesAt(at.snapshot, at.file, at.offset, DEFAULT_SETTINGS, withDeclaration));
}

export function hoverText(marked: string): string | undefined {
  const at = scene(marked);
  return hoverAt(at.snapshot, at.file, at.offset, DEFAULT_SETTINGS)?.markdown;
}

export function nameCompletions(marked: string): CompletionItem[] {
  const at = scene(marked);
  return complete(at.snapshot, at.file, at.offset, DEFAULT_SETTINGS)
    .filter(({ kind }) => kind === 'name')
    .sort((a, b) => (a.sortText < b.sortText ? -1 : 1));
}

export function nameLabels(marked: string): string[] {
  return nameCompletions(marked).map(({ label }) => label);
}

/** The file with the cursor after accepting a name. */
export function acceptName(marked: string, label: string): string {
  const item = nameCompletions(marked).find((candidate) => candidate.label === label);
  assert.ok(item, `${label} is offered`);
  return applyEdits(scene(marked).file.text, [{ span: item.replace, text: item.insertText }]);
}

/** What a rename changes, as the lines afterwards; or why it is refused. */
export function renamed(marked: string, newName: string): string[] | string {
  const { snapshot, file, offset } = scene(marked);
  const result = rename(snapshot, file, offset, newName, DEFAULT_SETTINGS);
  if (!result) return 'nothing';
  if ('refused' in result) return result.refused;
  return [...result].flatMap(([path, edits]) => {
    const before = (snapshot.file(path)?.text ?? '').split('\n');
    const after = applyEdits(snapshot.file(path)?.text ?? '', edits).split('\n');
    assert.equal(after.length, before.length);
    return after.flatMap((line, at) => (line === before[at] ? [] : [`${path}: ${line.trim()}`]));
  });
}

export function prepared(marked: string): string {
  const { snapshot, file, offset } = scene(marked);
  const result = prepareRename(snapshot, file, offset, DEFAULT_SETTINGS);
  if (!result) return 'nothing';
  if ('refused' in result) return `refused: ${result.refused}`;
  assert.equal(file.text.slice(result.span.start, result.span.end), result.name);
  return result.name;
}
