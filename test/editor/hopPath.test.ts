import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import type { AxeResults } from 'axe-core';
import { after, afterEach, before, describe, it } from 'mocha';
import type { FrameLocator } from 'playwright-core';
import { repository } from './vscode/package.ts';
import { openInstalled, openWeb, type TestWindow } from './window.ts';

const FILE = 'hop-path.yaml';
/** Where the README finds its pictures; the tests draw them anew on demand only. */
const pictures = process.env.UPDATE_SCREENSHOTS === '1' ? path.join(repository, 'docs/images') : undefined;
const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
/** What hinders people with impairments, by axe-core, in the page of the panel. */
async function hindrances(panel: FrameLocator): Promise<string[]> {
  const frame = await (await panel.locator('body').elementHandle())?.ownerFrame();
  assert.ok(frame);
  await frame.evaluate(readFileSync(AXE, 'utf8'));
  const found = await frame.evaluate<AxeResults>('axe.run()');
  return found.violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
}

for (const [name, open] of Object.entries({
  'installed in VS Code': openInstalled,
  'in VS Code for the Web': openWeb,
})) {
  describe(`The hop path panel ${name}`, () => {
    let window: TestWindow;
    let panel: FrameLocator;

    before(async () => {
      window = await open();
      panel = window.workbench.page.frameLocator('iframe.webview.ready').frameLocator('#active-frame');
    });

    afterEach(async function () {
      const test = this.currentTest;
      if (test?.state === 'failed') await window.screenshot(path.join(repository, 'test-results', `${test.title}.png`));
    });

    after(() => window?.close());

    const waypoint = () => panel.locator('#list strong', { hasText: 'Waypoint tickets/waypoint' });
    const cursorAt = (line: number) =>
      window.workbench.page.locator('[id="status.editor.selection"]', { hasText: `Ln ${line},` });

    it('opens from the code lens of a route, with a request that the route matches', async () => {
      const { workbench } = window;
      await workbench.open(FILE);
      await workbench.page.locator('.codelens-decoration a', { hasText: 'Hop path · 4 hops' }).first().click();
      await panel.getByRole('heading', { name: 'Hop path: HTTPRoute tickets/booking' }).waitFor();
      assert.equal(await panel.locator('#path').inputValue(), '/seats');
      assert.equal(await panel.locator('#outcome').textContent(), 'Allowed');
      assert.equal(await panel.locator('#drawing svg .hop').count(), 4);
      assert.equal(await panel.locator('#list .hops > li').count(), 4);
      assert.equal(await waypoint().count(), 0);
      if (pictures && name === 'installed in VS Code') {
        const request = panel.locator('summary', { hasText: 'Request' });
        await request.click();
        await window.screenshot(path.join(pictures, 'hop-path.png'));
        await request.click();
      }
    });

    it('draws another path while a label is typed that binds the namespace to a waypoint', async () => {
      const { workbench } = window;
      // A place can be gone to in an editor only, and the last click may have been in the panel.
      await workbench.open(FILE);
      await workbench.goTo(26, 5);
      await workbench.page.keyboard.press('End');
      await workbench.page.keyboard.press('Enter');
      await workbench.page.keyboard.type('istio.io/use-waypoint: waypoint');
      await waypoint().waitFor();
      assert.equal(await panel.locator('#drawing svg .hop').count(), 5);
    });

    it('reveals the line of a policy', async () => {
      const link = panel.locator('#list .policy', { hasText: 'booking-from-kiosk' }).getByRole('button');
      await link.click();
      await cursorAt(32).waitFor();
    });

    it('follows the cursor to what stands there', async () => {
      const { workbench } = window;
      await workbench.open(FILE);
      await workbench.goTo(48, 5);
      await panel.getByRole('heading', { name: 'Hop path: Service tickets/booking' }).waitFor();
    });

    it('answers for the request that is chosen, and stays with it', async () => {
      const { workbench } = window;
      await panel.locator('#source').selectOption('outside');
      await panel.locator('#outcome', { hasText: /Refused|Not known/ }).waitFor();
      await panel.getByRole('button', { name: 'Pin', pressed: true }).waitFor();
      await workbench.open(FILE);
      await workbench.goTo(2, 1);
      await panel.getByRole('heading', { name: /from outside/ }).waitFor();
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

    it('hinders nobody', async () => {
      assert.deepEqual(await hindrances(panel), []);
    });

    it('is opened as a text to keep', async () => {
      await panel.getByRole('button', { name: 'Text', exact: true }).click();
      await window.workbench.page.locator('.view-line', { hasText: '1. External outside' }).waitFor();
    });
  });
}
