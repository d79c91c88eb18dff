import path from 'node:path';
import type { Locator, Page } from 'playwright-core';

const POPUP_MS = 3000;
const SETTLE_MS = 500;
const POPUP_ATTEMPTS = 8;
const MAX_ROWS = 50;

/** What a test does in a VS Code window, in the words of its user. Selectors live here alone. */
export interface Workbench {
  page: Page;
  /** Opens a file of the workspace root from the explorer. */
  open(file: string): Promise<Locator>;
  /** Opens a file anywhere in the workspace, by the end of its path. */
  find(file: string): Promise<Locator>;
  /** Runs a command of the palette, by its title. */
  run(command: string): Promise<void>;
  /** Changes the color theme, to one that is dark, light, or one of high contrast by its class. */
  wear(theme: string, shownAs: 'vs' | 'vs-dark' | 'hc-black' | 'hc-light'): Promise<void>;
  /** Puts the caret at a line and a column, both from 1. */
  goTo(line: number, column: number): Promise<void>;
  /** Saves a file that was changed, in the focused editor, and waits until it is written. */
  save(file: string): Promise<void>;
  /** The squiggles that the editor of a file shows. */
  squiggles(editor: Locator, severity: 'error' | 'warning'): Locator;
  /** Asks for completion at the caret until the list holds `label`, and gives its row. */
  suggest(label: string): Promise<Locator>;
  /** Selects a row of the completion list and unfolds what it says about itself. */
  unfold(suggestion: Locator): Promise<Locator>;
  /** Asks for the hover at the caret until it says `text`. */
  hover(text: string): Promise<Locator>;
  /** Opens the quick fixes at the caret and puts the selection on the one that says `title`. */
  quickFix(title: string): Promise<Locator>;
  /** Goes from the caret to the definition of what stands there, which is in `file`, and gives its editor. */
  goToDefinition(file: string): Promise<Locator>;
  /** Waits until the caret of the focused editor is in a line, from 1. */
  caretIn(line: number): Promise<void>;
  /** Gives another name to what stands at the caret, wherever it is mentioned. */
  rename(name: string): Promise<void>;
  /** Closes all editors, and drops what was not saved. */
  closeAll(): Promise<void>;
}

/** Opens a window and waits until it is drawn. */
export async function openWorkbench(page: Page, address: string): Promise<Workbench> {
  // On a busy machine, half a minute has once not been enough for the extension host to start.
  page.setDefaultTimeout(60_000);
  await page.goto(address);
  await page.locator('.monaco-workbench .part.statusbar').waitFor();
  await page.getByRole('tree', { name: 'Files Explorer' }).waitFor();
  return {
    page,
    open: (file) => openFile(page, file),
    find: (file) => findFile(page, file),
    run: (command) => run(page, command),
    wear: (theme, shownAs) => wear(page, theme, shownAs),
    goTo: (line, column) => goTo(page, line, column),
    save: (file) => save(page, file),
    squiggles: (editor, severity) => editor.locator(`.cdr.squiggly-${severity}`),
    suggest: (label) => popup(page, ['Control+Space'], suggestion(page, label)),
    unfold: (row) => unfold(page, row),
    hover: (text) => popup(page, ['Control+K', 'Control+I'], hoverWith(page, text)),
    quickFix: (title) => quickFix(page, title),
    goToDefinition: (file) => popup(page, ['F12'], editorOf(page, file)),
    caretIn: (line) => page.locator('[id="status.editor.selection"]', { hasText: `Ln ${line},` }).waitFor(),
    rename: (name) => rename(page, name),
    closeAll: () => closeAll(page),
  };
}

async function openFile(page: Page, file: string): Promise<Locator> {
  await page.getByRole('tree', { name: 'Files Explorer' }).getByText(file, { exact: true }).dblclick();
  const editor = editorOf(page, file);
  await editor.locator('.view-line').first().waitFor();
  return editor;
}

async function findFile(page: Page, file: string): Promise<Locator> {
  const box = page.locator('.quick-input-widget .quick-input-box input').first();
  await popup(page, ['Control+P'], box);
  await box.fill(file);
  // Files of the same name stand in the list too; Enter takes the focused one.
  const focused = page.locator('.quick-input-list .monaco-list-row.focused');
  await focused
    .filter({ hasText: path.posix.dirname(file) })
    .filter({ hasText: path.posix.basename(file) })
    .waitFor();
  await box.press('Enter');
  await box.waitFor({ state: 'hidden' });
  const editor = editorOf(page, file);
  await editor.locator('.view-line').first().waitFor();
  return editor;
}

async function wear(page: Page, theme: string, shownAs: string): Promise<void> {
  const box = page.locator('.quick-input-widget .quick-input-box input').first();
  await popup(page, ['Control+K', 'Control+T'], box);
  await box.fill(theme);
  await page.locator('.quick-input-list .monaco-list-row.focused').filter({ hasText: theme }).first().waitFor();
  await box.press('Enter');
  await box.waitFor({ state: 'hidden' });
  await page.locator(`.monaco-workbench.${shownAs}`).first().waitFor();
}

function editorOf(page: Page, file: string): Locator {
  return page.locator(`.editor-instance .monaco-editor[data-uri$="/${file}"]`);
}

async function goTo(page: Page, line: number, column: number): Promise<void> {
  await quickInput(page, 'Control+P', `:${line}:${column}`);
  // The editor has the focus back a moment after the box is gone.
  await page.locator('.editor-instance .monaco-editor.focused').first().waitFor();
}

async function quickInput(page: Page, key: string, text: string, row?: string): Promise<void> {
  const box = page.locator('.quick-input-widget .quick-input-box input').first();
  await popup(page, [key], box);
  await box.fill(text);
  if (row) await page.locator('.quick-input-list .monaco-list-row').filter({ hasText: row }).first().waitFor();
  await box.press('Enter');
  await box.waitFor({ state: 'hidden' });
}

async function run(page: Page, command: string): Promise<void> {
  const box = page.locator('.quick-input-widget .quick-input-box input').first();
  await popup(page, ['F1'], box);
  await box.fill(`>${command}`);
  const row = page.locator('.quick-input-list .monaco-list-row.focused').filter({ hasText: command });
  await row.waitFor();
  await box.press('Enter');
  // The box itself may stay, because the command asks for something.
  await row.waitFor({ state: 'hidden' });
}

async function save(page: Page, file: string): Promise<void> {
  const dirty = page.locator(`.tab[data-resource-name="${file}"].dirty`);
  // The mark comes a moment after the edit: without waiting for it, its absence would say nothing.
  await dirty.waitFor();
  await page.keyboard.press('Control+S');
  await dirty.waitFor({ state: 'detached' });
}

async function quickFix(page: Page, title: string): Promise<Locator> {
  const row = page.locator('.action-widget .monaco-list-row.action').filter({ hasText: title }).first();
  await popup(page, ['Control+.'], row);
  await select(page, row);
  return row;
}

async function rename(page: Page, name: string): Promise<void> {
  const box = await popup(page, ['F2'], page.locator('.rename-box input.rename-input'));
  await box.fill(name);
  await box.press('Enter');
  await box.waitFor({ state: 'hidden' });
}

async function unfold(page: Page, row: Locator): Promise<Locator> {
  await select(page, row);
  const details = page.locator('.suggest-details-container .suggest-details').first();
  // The key that asks for completion folds and unfolds when the list is open already, so it may have done either.
  for (let attempt = 1; attempt < POPUP_ATTEMPTS; attempt++) {
    if (await appears(details, SETTLE_MS)) return details;
    await page.keyboard.press('Control+Space');
  }
  throw new Error(`The details did not unfold: ${row}`);
}

async function closeAll(page: Page): Promise<void> {
  await quickInput(page, 'F1', '>View: Close All Editors', 'View: Close All Editors');
  const drop = page.getByRole('button', { name: "Don't Save" });
  if (await appears(drop, SETTLE_MS)) await drop.click();
}

function appears(target: Locator, timeout: number): Promise<boolean> {
  return target.waitFor({ timeout }).then(
    () => true,
    () => false,
  );
}

/** Moves down a list to a row. Clicks do not do: in some releases a layer over the menus takes them. */
async function select(page: Page, row: Locator): Promise<void> {
  for (let step = 0; step < MAX_ROWS; step++) {
    if (/\bfocused\b/.test((await row.getAttribute('class')) ?? '')) return;
    await page.keyboard.press('ArrowDown');
  }
  throw new Error(`This row could not be selected: ${row}`);
}

function suggestion(page: Page, label: string): Locator {
  const name = page.locator('.label-name').getByText(label, { exact: true });
  return page.locator('.suggest-widget.visible .monaco-list-row').filter({ has: name }).first();
}

function hoverWith(page: Page, text: string): Locator {
  return page.locator('.monaco-hover:not(.hidden) .hover-contents').filter({ hasText: text }).first();
}

/**
 * Presses keys and waits for what they open; presses them again if it does not come. VS Code closes a popup at once
 * when something else still moves (the focus returns, an answer of the server arrives), and so may ask too early.
 */
async function popup(page: Page, keys: string[], target: Locator): Promise<Locator> {
  for (let attempt = 1; attempt < POPUP_ATTEMPTS; attempt++) {
    for (const key of keys) await page.keyboard.press(key);
    if (await appears(target, POPUP_MS)) return target;
    await page.keyboard.press('Escape');
  }
  throw new Error(`${keys.join(' ')} did not open what was wanted: ${target}`);
}
