import assert from 'node:assert/strict';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { after, afterEach, before, describe, it } from 'mocha';
import { repository } from './vscode/package.ts';
import { openInstalled, openWeb, type TestWindow } from './window.ts';

// Names that one file gives and another one uses: the files are those of the workspace whose names begin with `nav-`.

const DISK_MS = 15_000;
const POLL_MS = 100;

for (const [name, open] of Object.entries({
  'installed in VS Code': openInstalled,
  'in VS Code for the Web': openWeb,
})) {
  describe(`Names across files ${name}`, () => {
    let window: TestWindow;

    before(async () => {
      window = await open();
    });

    afterEach(async function () {
      const test = this.currentTest;
      if (test?.state === 'failed') await window.screenshot(path.join(repository, 'test-results', `${test.title}.png`));
      await window.workbench.closeAll();
    });

    after(() => window?.close());

    /** Waits until a file on disk says something: the editor writes the files of a rename after it is done. */
    async function written(file: string, text: RegExp): Promise<void> {
      for (const end = Date.now() + DISK_MS; Date.now() < end; await delay(POLL_MS))
        if (text.test(window.read(file))) return;
      assert.match(window.read(file), text);
    }

    it('lead from the host of a VirtualService to its Service', async () => {
      const { workbench } = window;
      await workbench.open('nav-routes.yaml');
      await workbench.goTo(12, 20);
      await workbench.goToDefinition('nav-ledger.yaml');
      await workbench.caretIn(12);
      // The list of files has come to an end, which the user sees.
      const reading = workbench.page.locator('.statusbar-item', { hasText: 'reading the workspace' });
      await reading.waitFor({ state: 'hidden' });
    });

    it('are changed in all files at once: a subset, by its DestinationRule and its VirtualService', async () => {
      const { workbench } = window;
      await workbench.open('nav-routes.yaml');
      await workbench.goTo(13, 22);
      await workbench.rename('settled');
      await written('nav-routes.yaml', /^ {12}subset: settled$/m);
      await written('nav-subsets.yaml', /^ {4}- name: settled$/m);
      for (const file of ['nav-routes.yaml', 'nav-subsets.yaml']) assert.doesNotMatch(window.read(file), /steady/);
    });

    it('complete a label: the waypoint that another file declares', async () => {
      const { workbench } = window;
      await workbench.open('nav-ledger.yaml');
      await workbench.goTo(7, 27);
      await workbench.page.keyboard.type(' ');
      await (await workbench.suggest('teller')).click();
      await workbench.save('nav-ledger.yaml');
      assert.match(window.read('nav-ledger.yaml'), /^ {4}istio\.io\/use-waypoint: teller$/m);
    });

    it('are missed as soon as the other file loses them, and no longer when it has them again', async () => {
      const { workbench } = window;
      const { keyboard } = workbench.page;
      const endOfPort = async () => {
        await workbench.open('nav-ledger.yaml');
        await workbench.goTo(21, 13);
        await keyboard.press('End');
      };
      const faults = workbench.squiggles(await workbench.open('nav-routes.yaml'), 'error');
      await workbench.goTo(15, 24);
      assert.equal(await faults.count(), 0);
      await endOfPort();
      await keyboard.type('1');
      await workbench.open('nav-routes.yaml');
      await faults.first().waitFor();
      await workbench.goTo(15, 24);
      await workbench.hover('has no port 80');
      await endOfPort();
      await keyboard.press('Backspace');
      await workbench.open('nav-routes.yaml');
      await faults.first().waitFor({ state: 'detached' });
    });
  });
}
