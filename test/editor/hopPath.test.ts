import assert from 'node:assert/strict';
import path from 'node:path';
import { after, afterEach, before, describe, it } from 'mocha';
import type { Frame, FrameLocator } from 'playwright-core';
import { hindrances } from '../webview/axe.ts';
import { repository } from './vscode/package.ts';
import { openInstalled, openWeb, type TestWindow } from './window.ts';

const FILE = 'hop-path.yaml';
const POLL_MS = 50;
const THEMES = [
  ['Dark Modern', 'vs-dark', 'vscode-dark'],
  ['Dark High Contrast', 'hc-black', 'vscode-high-contrast'],
  ['Light High Contrast', 'hc-light', 'vscode-high-contrast-light'],
  ['Light Modern', 'vs', 'vscode-light'],
] as const;

async function frameOf(panel: FrameLocator): Promise<Frame> {
  const frame = await (await panel.locator('body').elementHandle())?.ownerFrame();
  assert.ok(frame);
  return frame;
}

for (const [name, open] of Object.entries({
  'installed in VS Code': () => openInstalled(),
  'in VS Code for the Web': () => openWeb(),
})) {
  describe(`The hop path panel ${name}`, () => {
    let window: TestWindow;
    let panel: FrameLocator;

    before(async () => {
      window = await open();
      panel = window.workbench.page.frameLocator('iframe.webview.ready').frameLocator('#active-frame');
      await window.workbench.page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    });

    afterEach(async function () {
      const test = this.currentTest;
      if (test?.state === 'failed') await window.screenshot(path.join(repository, 'test-results', `${test.title}.png`));
    });

    after(() => window?.close());

    const heading = (text: string | RegExp) => panel.getByRole('heading', { level: 1, name: text });
    const waypoint = () => panel.locator('#list strong', { hasText: 'Waypoint tickets/waypoint' });
    const cursorAt = (line: number) =>
      window.workbench.page.locator('[id="status.editor.selection"]', { hasText: `Ln ${line},` });
    /** A place can be gone to in an editor only, and the last click may have been in the panel. */
    const toEditor = () => window.workbench.page.locator(`.tab[data-resource-name="${FILE}"]`).first().click();
    const openLink = async (link: string) => {
      const { page, run } = window.workbench;
      await run('Developer: Open URL');
      const box = page.locator('.quick-input-widget .quick-input-box input').first();
      await box.fill(link);
      await box.press('Enter');
      await page.getByRole('button', { name: 'Open', exact: true }).click();
    };

    it('opens from the code lens of a route, with a request that the route matches', async () => {
      const { workbench } = window;
      await workbench.open(FILE);
      await workbench.page.locator('.codelens-decoration a', { hasText: 'Hop path · 4 hops' }).first().click();
      await heading('Hop path: HTTPRoute tickets/booking').waitFor();
      assert.equal(await panel.locator('#path').inputValue(), '/seats');
      assert.equal(await panel.locator('#outcome').textContent(), 'Allowed');
      assert.equal(await panel.locator('#drawing svg .hop').count(), 4);
      assert.equal(await panel.locator('#list .hops > li').count(), 4);
      assert.equal(await waypoint().count(), 0);
    });

    it('follows the cursor to what stands there, and stays when it is pinned', async () => {
      const { workbench } = window;
      await toEditor();
      await workbench.goTo(48, 5);
      await heading('Hop path: Service tickets/booking').waitFor();
      await panel.getByRole('button', { name: 'Pin', pressed: false }).click();
      await panel.getByRole('button', { name: 'Pin', pressed: true }).waitFor();
    });

    it('opens from a diagnostic about enforcement', async () => {
      const { workbench } = window;
      await toEditor();
      await workbench.goTo(10, 13);
      await workbench.quickFix('Show the hop path');
      await workbench.page.keyboard.press('Enter');
      await heading('Hop path: HTTPRoute tickets/booking').waitFor();
      await panel.getByRole('button', { name: 'Pin', pressed: false }).waitFor();
    });

    it('draws another path while a label is typed that binds the namespace to a waypoint', async () => {
      const { workbench } = window;
      // The cursor goes to the Namespace, and the panel is to stay with the route.
      await panel.getByRole('button', { name: 'Pin', pressed: false }).click();
      await panel.getByRole('button', { name: 'Pin', pressed: true }).waitFor();
      await toEditor();
      await workbench.goTo(26, 5);
      await workbench.page.keyboard.press('End');
      await workbench.page.keyboard.press('Enter');
      await workbench.page.keyboard.type('istio.io/use-waypoint: waypoint');
      await waypoint().waitFor();
      assert.equal(await panel.locator('#drawing svg .hop').count(), 5);
      await workbench.save(FILE);
    });

    it('reveals the line of a policy', async () => {
      const link = panel.locator('#list .policy', { hasText: 'booking-from-kiosk' }).getByRole('button');
      await link.click();
      await cursorAt(32).waitFor();
    });

    it('answers for the request that is chosen, and stays with it', async () => {
      const { workbench } = window;
      await panel.locator('summary', { hasText: 'Request' }).click();
      await panel.locator('#source').selectOption('outside');
      await panel.locator('#outcome', { hasText: /Refused|Not known/ }).waitFor();
      await panel.getByRole('button', { name: 'Pin', pressed: true }).waitFor();
      await toEditor();
      await workbench.goTo(2, 1);
      await heading(/from outside/).waitFor();
    });

    it('compares the request in all meshes', async () => {
      await panel.getByRole('button', { name: 'Compare meshes' }).click();
      const table = panel.getByRole('region', { name: 'Comparison of meshes' });
      assert.deepEqual(await table.getByRole('columnheader').allTextContents(), [
        'As written',
        'Ambient',
        'Ambient with waypoint',
        'Sidecars',
        'Linkerd',
        'Cilium',
      ]);
      await table.getByRole('row', { name: /^Outcome Refused/ }).waitFor();
    });

    it('hinders nobody in light, dark and high contrast', async () => {
      for (const [theme, shownAs, bodyClass] of THEMES) {
        await window.workbench.wear(theme, shownAs);
        await panel.locator(`body.${bodyClass}`).waitFor();
        assert.deepEqual(await hindrances(await frameOf(panel)), [], theme);
      }
    });

    it('is opened as a text to keep', async () => {
      await panel.getByRole('button', { name: 'Text', exact: true }).click();
      await window.workbench.page.locator('.view-line', { hasText: '1. External outside' }).waitFor();
      await window.workbench.run('View: Revert and Close Editor');
    });

    it('is saved as a PNG', async () => {
      const { page } = window.workbench;
      await panel.getByRole('button', { name: 'Save PNG' }).click();
      const box = page.locator('.quick-input-widget .quick-input-box input').first();
      // The dialog finds out first what is in the folder.
      await box.waitFor();
      await page.waitForFunction(
        (input) => input instanceof HTMLInputElement && input.value.endsWith('/hop-path.png'),
        await box.elementHandle(),
      );
      await box.press('Enter');
      await box.waitFor({ state: 'hidden' });
      while (!window.has('hop-path.png')) await page.waitForTimeout(POLL_MS);
      assert.match(window.read('hop-path.png'), /^.PNG\r\n/);
    });

    it('opens from a link that it gave, with the same request', async () => {
      const { page, closeAll } = window.workbench;
      await panel.getByRole('button', { name: 'Copy link' }).click();
      await page.getByText('The link to this request is on the clipboard.').waitFor();
      const link = await page.evaluate(() => navigator.clipboard.readText());
      await closeAll();
      await page.locator('iframe.webview').waitFor({ state: 'detached' });
      await openLink(link);
      await heading(/from outside to Service tickets\/booking/).waitFor();
      await panel.getByRole('button', { name: 'Pin', pressed: true }).waitFor();
    });

    it('says what is wrong with a link that somebody changed', async () => {
      const { page } = window.workbench;
      await openLink(`vscode://meshpath.meshpath/path?request=${encodeURIComponent('{"from":"a","to":{"run":"x"}}')}`);
      await page.locator('.notification-list-item', { hasText: 'Meshpath does not open this link' }).waitFor();
      await heading(/from outside/).waitFor();
    });

    it('is there again after the window was loaded anew', async () => {
      const { page, run } = window.workbench;
      // The way in which the editor writes down first what it has open. A page that is just loaded anew may forget it.
      const loaded = page.waitForEvent('load');
      await run('Developer: Reload Window');
      await loaded;
      await heading(/from outside to Service tickets\/booking/).waitFor();
      await panel.getByRole('button', { name: 'Pin', pressed: true }).waitFor();
      assert.equal(await panel.locator('#list .hops > li').count(), await panel.locator('#drawing svg .hop').count());
    });
  });
}
