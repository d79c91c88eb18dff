// The windows of the editor tests, with Meshpath in them, on a copy of a folder: the workspace beside this file, or another.
import { cpSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { BrowserContext, Page } from 'playwright-core';
import { openChromium } from './vscode/chromium.ts';
import { startFront } from './vscode/front.ts';
import { installHost } from './vscode/install.ts';
import { packageExtension, repository } from './vscode/package.ts';
import { createProfile, type Profile, quietSettings } from './vscode/profile.ts';
import { installExtension, startServer, windowAddress } from './vscode/server.ts';
import { openWorkbench, type Workbench } from './vscode/workbench.ts';

export interface TestWindow {
  workbench: Workbench;
  /** What a file of the workspace holds on disk. */
  read(file: string): string;
  /** Whether the workspace has a file on disk. */
  has(file: string): boolean;
  /** Keeps a picture of the window. */
  screenshot(file: string): Promise<void>;
  close(): Promise<void>;
}

/** Suggestions come when a test asks for them. The block for YAML repeats it, because YAML has a default of its own. */
const onDemand = {
  'editor.quickSuggestions': { other: 'off', comments: 'off', strings: 'off' },
  'editor.wordBasedSuggestions': 'off',
};
const settings = {
  ...onDemand,
  '[yaml]': onDemand,
  'editor.minimap.enabled': false,
  'editor.cursorBlinking': 'solid',
  'editor.accessibilitySupport': 'off',
  'editor.fontSize': 14,
  'workbench.reduceMotion': 'on',
  'git.enabled': false,
  'files.autoSave': 'off',
  'files.hotExit': 'off',
};

const WORKSPACE = path.join(import.meta.dirname, 'workspace');

/** VS Code with a Node extension host and the packaged extension installed: what most users have. */
export async function openInstalled(folder = WORKSPACE): Promise<TestWindow> {
  return openWindow(folder, async ({ profile, workspace, cleanup }) => {
    const host = await installHost(console.log);
    installExtension(host, profile, packageExtension(profile.root));
    const server = await startServer(host, profile);
    cleanup(() => server.stop());
    return windowAddress(server, workspace);
  });
}

/**
 * VS Code for the Web as on vscode.dev: extensions and language server in web workers, files behind a provider.
 * `beside` names folders of further extensions.
 */
export async function openWeb(beside: Record<string, string> = {}): Promise<TestWindow> {
  return openWindow(WORKSPACE, async ({ profile, workspace, cleanup }) => {
    const server = await startServer(await installHost(console.log), profile);
    cleanup(() => server.stop());
    const extensions = { meshpath: repository, webFiles: path.join(import.meta.dirname, 'webFiles'), ...beside };
    const front = await startFront(server, { extensions, settings: { ...quietSettings, ...settings }, workspace });
    cleanup(() => front.stop());
    return front.address;
  });
}

interface Stage {
  profile: Profile;
  workspace: string;
  /** Has something done when the window closes; what came last goes first. */
  cleanup(undo: () => unknown): void;
}

async function openWindow(folder: string, serve: (stage: Stage) => Promise<string>): Promise<TestWindow> {
  const undos: (() => unknown)[] = [];
  const close = async () => {
    for (const undo of undos.splice(0).reverse()) await undo();
  };
  try {
    const profile = createProfile(settings);
    undos.push(() => profile.remove());
    const workspace = path.join(profile.root, 'shop');
    cpSync(folder, workspace, { recursive: true });
    const address = await serve({ profile, workspace, cleanup: (undo) => undos.push(undo) });
    const context: BrowserContext = await openChromium(profile);
    undos.push(() => context.close());
    const page = context.pages()[0] ?? (await context.newPage());
    const workbench = await openWorkbench(page, address);
    return {
      workbench,
      read: (file) => readFileSync(path.join(workspace, file), 'utf8'),
      has: (file) => existsSync(path.join(workspace, file)),
      screenshot: (file) => takePicture(page, file),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

async function takePicture(page: Page, file: string): Promise<void> {
  mkdirSync(path.dirname(file), { recursive: true });
  // Popups fade in: without this the picture may hold one that is half there.
  await page.screenshot({ path: file, animations: 'disabled' });
}
