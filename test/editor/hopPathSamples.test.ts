import assert from 'node:assert/strict';
import path from 'node:path';
import { after, afterEach, before, describe, it } from 'mocha';
import type { FrameLocator } from 'playwright-core';
import { repository } from './vscode/package.ts';
import { openInstalled, type TestWindow } from './window.ts';

/** Where the README finds its pictures; the tests draw them anew on demand only. */
const pictures = process.env.UPDATE_SCREENSHOTS === '1' ? path.join(repository, 'docs/images') : undefined;
const PICTURE = { width: 1340, height: 1000 };
/** The rule of the ambient shop that splits requests between two versions. */
const SPLIT_LINE = 51;
/** Below the comment at the top. */
const FIRST_LINE = 2;

describe('The hop path panel on the samples', () => {
  let window: TestWindow;
  let panel: FrameLocator;

  before(async () => {
    window = await openInstalled(path.join(repository, 'samples'));
    const { page } = window.workbench;
    await page.setViewportSize(PICTURE);
    await window.workbench.run('View: Toggle Primary Side Bar Visibility');
    panel = page.frameLocator('iframe.webview.ready').frameLocator('#active-frame');
  });

  afterEach(async function () {
    const test = this.currentTest;
    if (test?.state === 'failed') await window.screenshot(path.join(repository, 'test-results', `${test.title}.png`));
  });

  after(() => window?.close());

  /** The proxies of the path that is shown under a heading. */
  async function hopsUnder(heading: string): Promise<string[]> {
    await panel.getByRole('heading', { level: 1, name: heading }).waitFor();
    return panel.locator('#list .hops > li > strong').allTextContents();
  }

  async function openFromLens(file: string): Promise<void> {
    await window.workbench.closeAll();
    const editor = await window.workbench.find(file);
    await editor.locator('.codelens-decoration a', { hasText: 'Hop path' }).first().click();
  }

  async function picture(name: string): Promise<void> {
    if (!pictures) return;
    await window.workbench.page.mouse.move(0, 0);
    await window.workbench.page.locator('.codelens-decoration a', { hasText: 'Hop path' }).first().waitFor();
    await window.screenshot(path.join(pictures, `hop-path-${name}.png`));
  }

  it('goes through ztunnel and a waypoint in the ambient shop, from the command palette', async () => {
    const { workbench } = window;
    await workbench.find('shop-ambient/shop/routes.yaml');
    await workbench.goTo(SPLIT_LINE, 7);
    await workbench.run('Meshpath: Show Hop Path');
    const hops = await hopsUnder('Hop path: HTTPRoute shop-ambient/catalog-canary');
    assert.ok(hops.some((hop) => hop.startsWith('ztunnel of ')) && hops.some((hop) => hop.startsWith('Waypoint ')));
    assert.equal(await panel.locator('#drawing svg .branch').count(), 2);
    await picture('ambient');
  });

  it('goes through two sidecars in the sidecar shop', async () => {
    await openFromLens('shop-sidecar/shop/routes.yaml');
    const hops = await hopsUnder('Hop path: VirtualService shop-sidecar/catalog');
    assert.equal(hops.filter((hop) => hop.startsWith('Sidecar of ')).length, 2);
    await picture('sidecar');
  });

  it("goes through Linkerd's proxies in the Linkerd shop, from the title of the editor", async () => {
    const { workbench } = window;
    await workbench.closeAll();
    await workbench.find('shop-linkerd/shop/routes.yaml');
    await workbench.goTo(FIRST_LINE, 1);
    await workbench.page.locator('.editor-actions').getByRole('button', { name: 'Show Hop Path' }).click();
    const hops = await hopsUnder('Hop path: HTTPRoute shop-linkerd/catalog-canary');
    assert.equal(hops.filter((hop) => hop.startsWith('Linkerd proxy ')).length, 2);
    await picture('linkerd');
  });
});
