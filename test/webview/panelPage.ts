// The page of the hop path panel in a plain Chromium: the built script and styles under the product's own policy, with
// an editor that only writes down what the page says.
import assert from 'node:assert/strict';
import path from 'node:path';
import { build } from 'esbuild';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { newNonce, pageHtml } from '../../client/src/hopPath/page.ts';
import { targets } from '../../scripts/bundles.mjs';
import { COMPARE_REQUEST, compareResult, hopPathResult } from '../../server/src/protocol/panel.ts';
import type { PathRequestJson } from '../../server/src/protocol/path.ts';
import type { FromPage, PageState, ToPage } from '../../server/src/protocol/webview.ts';
import { findChromium } from '../editor/vscode/chromium.ts';
import { FOLDER, inSession, PULL } from '../protocol/session.ts';
import { ROOT } from '../sources.ts';
import { THEMES, type ThemeName } from './themes.ts';

const SITE = 'http://panel.test';

export interface PanelOptions {
  readonly theme?: ThemeName;
  readonly width?: number;
  readonly media?: Pick<BrowserContextOptions, 'forcedColors' | 'reducedMotion'>;
}

export interface PanelPage {
  readonly page: Page;
  /** What the page said to the extension, in order. */
  said(): Promise<FromPage[]>;
  /** What the editor would keep of it. */
  kept(): Promise<PageState | undefined>;
  tell(message: ToPage): Promise<void>;
  /** Whatever the browser complained about: broken policy, failed loads, errors, warnings. */
  readonly complaints: readonly string[];
  close(): Promise<void>;
}

let parts: Promise<Readonly<Record<string, string>>> | undefined;

/** The script and the styles, built once. */
function builtParts(): Promise<Readonly<Record<string, string>>> {
  parts ??= Promise.all(
    targets
      .filter(({ out }) => out.startsWith('hopPath.'))
      .map(async ({ in: entry, out, ...options }) => {
        const entryPoints = [path.join(ROOT, entry)];
        const { outputFiles } = await build({ ...options, entryPoints, outfile: out, bundle: true, write: false });
        return [`/${out}`, outputFiles[0]?.text ?? ''] as const;
      }),
  ).then((built) => Object.fromEntries(built));
  return parts;
}

export function openBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: findChromium(), chromiumSandbox: process.getuid?.() !== 0 });
}

/** What the stand-in keeps in the page. */
interface EditorOfTest {
  readonly said: FromPage[];
  readonly kept: PageState | undefined;
}

/** Runs in the page, before its script. */
const STAND_IN = `
  window.said = [];
  window.acquireVsCodeApi = () => ({
    postMessage: (message) => window.said.push(message),
    setState: (state) => (window.kept = state),
  });
`;

function wear({ bodyClass, variables }: (typeof THEMES)[ThemeName]): void {
  document.body.className = bodyClass;
  for (const [name, value] of Object.entries(variables)) document.documentElement.style.setProperty(name, value);
}

export async function openPanel(browser: Browser, options: PanelOptions = {}): Promise<PanelPage> {
  const { theme = 'light', width = 640, media = {} } = options;
  const context = await browser.newContext({ viewport: { width, height: 900 }, ...media });
  const page = await context.newPage();
  page.setDefaultTimeout(5000);
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  const files = await builtParts();
  const nonce = newNonce();
  const html = pageHtml({ source: SITE, script: `${SITE}/hopPath.js`, styles: `${SITE}/hopPath.css`, nonce });
  await page.route('**', (route) => {
    const { pathname } = new URL(route.request().url());
    const body = pathname === '/' ? html : files[pathname];
    if (body === undefined) complaints.push(`asked for ${route.request().url()}`);
    const contentType = pathname.endsWith('.js')
      ? 'text/javascript'
      : pathname.endsWith('.css')
        ? 'text/css'
        : 'text/html';
    return body === undefined ? route.abort() : route.fulfill({ body, contentType });
  });
  await page.addInitScript(STAND_IN);
  await page.goto(`${SITE}/`);
  await page.evaluate(wear, THEMES[theme]);
  return {
    page,
    said: () => page.evaluate(() => (window as unknown as EditorOfTest).said),
    kept: () => page.evaluate(() => (window as unknown as EditorOfTest).kept),
    tell: (message) => page.evaluate((data) => window.postMessage(data, '*'), message),
    complaints,
    close: () => context.close(),
  };
}

type PathMessage = Extract<ToPage, { type: 'path' }>;

/** What the server answers for a request in a workspace, and what the extension tells the page then. */
export function pathMessage(text: string, request: PathRequestJson, compared = false): Promise<PathMessage> {
  return inSession({ capabilities: PULL }, async ({ client, open, idle }): Promise<PathMessage> => {
    open(`${FOLDER}/mesh.yaml`, text);
    const answer = hopPathResult.parse(await client.sendRequest('meshpath/hopPath', { request }));
    const comparison = compared && compareResult.parse(await client.sendRequest(COMPARE_REQUEST, { request }));
    await idle();
    assert.ok(answer);
    return { type: 'path', question: { request }, pinned: false, answer, ...(comparison ? { comparison } : {}) };
  });
}
