import { complete, completionDoc } from '../../server/src/core/features/completion/complete.ts';
import type { CompletionItem } from '../../server/src/core/features/completion/item.ts';
import { type Hover, hoverAt } from '../../server/src/core/features/hover.ts';
import { Workspace } from '../../server/src/core/model/workspace.ts';
import { type CoreSettings, DEFAULT_SETTINGS } from '../../server/src/core/settings.ts';
import { applyEdits } from '../../server/src/core/yaml/edits.ts';

/** Texts with `$0` where the cursor is; what a feature answers there, and the text after accepting it. */
export function at(marked: string): { text: string; offset: number } {
  const offset = marked.indexOf('$0');
  if (offset === -1) throw new Error('the text has no $0');
  return { text: marked.slice(0, offset) + marked.slice(offset + 2), offset };
}

/** A workspace of one file. */
function alone(text: string) {
  const workspace = new Workspace();
  const file = workspace.setFile('fixture.yaml', text);
  return { snapshot: workspace.snapshot(), file };
}

export function completions(marked: string, settings: CoreSettings = DEFAULT_SETTINGS): CompletionItem[] {
  const { text, offset } = at(marked);
  const { snapshot, file } = alone(text);
  return complete(snapshot, file, offset, settings);
}

export function labels(marked: string, settings?: CoreSettings): string[] {
  return completions(marked, settings).map((item) => item.label);
}

/** The text after accepting the item with a label; tab stops are shown as they are written in the snippet. */
export function accept(marked: string, label: string, settings?: CoreSettings): string {
  const { text } = at(marked);
  const item = completions(marked, settings).find((candidate) => candidate.label === label);
  if (!item) throw new Error(`no item ${label}; there are ${labels(marked, settings).join(', ')}`);
  return applyEdits(text, [{ span: item.replace, text: item.insertText }, ...(item.extraEdits ?? [])]);
}

export function docOf(marked: string, label: string): string | undefined {
  const item = completions(marked).find((candidate) => candidate.label === label);
  return item?.docId === undefined ? undefined : completionDoc(item.docId);
}

export function hover(marked: string): (Hover & { hovered: string }) | undefined {
  const { text, offset } = at(marked);
  const { snapshot, file } = alone(text);
  const found = hoverAt(snapshot, file, offset, DEFAULT_SETTINGS);
  return found && { ...found, hovered: text.slice(found.span.start, found.span.end) };
}
