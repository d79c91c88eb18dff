import assert from 'node:assert/strict';
import path from 'node:path';
import { after, afterEach, before, describe, it } from 'mocha';
import { repository } from './vscode/package.ts';
import { openInstalled, openWeb, type TestWindow } from './window.ts';

/** Where the README finds its pictures; the tests draw them anew on demand only. */
const pictures = process.env.UPDATE_SCREENSHOTS === '1' ? path.join(repository, 'docs/images') : undefined;

const windows = [
  { name: 'installed in VS Code', open: openInstalled, pictures },
  { name: 'in VS Code for the Web', open: openWeb, pictures: undefined },
];

for (const { name, open, pictures } of windows) {
  describe(`Meshpath ${name}`, () => {
    let window: TestWindow;

    before(async () => {
      window = await open();
    });

    afterEach(async function () {
      const test = this.currentTest;
      if (test?.state === 'failed') await window.screenshot(path.join(repository, 'test-results', `${test.title}.png`));
      await window.workbench.closeAll();
    });

    // The window is missing when it could not be opened, which `before` has reported.
    after(() => window?.close());

    const picture = async (file: string) => {
      if (pictures) await window.screenshot(path.join(pictures, file));
    };

    it('comes to life when the first mention of a mesh is typed', async () => {
      const { workbench } = window;
      const editor = await workbench.open('empty.yaml');
      const lines = ['apiVersion: security.istio.io/v1', 'kind: AuthorizationPolicy', 'spec:', 'selecter: 1'];
      // Line by line, because the editor indents the last one by itself.
      for (const line of lines) {
        if (line !== lines[0]) await workbench.page.keyboard.press('Enter');
        await workbench.page.keyboard.type(line);
      }
      await workbench.squiggles(editor, 'error').first().waitFor();
      await workbench.save('empty.yaml');
    });

    it('underlines a field that does not exist and says which one was meant', async () => {
      const { workbench } = window;
      const editor = await workbench.open('diagnostics.yaml');
      await workbench.squiggles(editor, 'error').first().waitFor();
      await workbench.goTo(7, 5);
      const hover = await workbench.hover('selector');
      assert.match((await hover.textContent()) ?? '', /selecter/);
      await picture('diagnostic.png');
    });

    it('completes a value into the text', async () => {
      const { workbench } = window;
      await workbench.open('completion.yaml');
      await workbench.goTo(8, 10);
      await workbench.page.keyboard.type(' ');
      const row = await workbench.suggest('STRICT');
      // The server is asked for the documentation of an item only now, when the item is looked at.
      const details = await workbench.unfold(row);
      assert.match((await details.textContent()) ?? '', /mTLS|mutual TLS|plain text/i);
      await picture('completion.png');
      await row.click();
      await workbench.save('completion.yaml');
      assert.match(window.read('completion.yaml'), /^ {4}mode: STRICT$/m);
    });

    it('explains a field', async () => {
      const { workbench } = window;
      await workbench.open('hover.yaml');
      await workbench.goTo(8, 6);
      const hover = await workbench.hover('mode');
      assert.match((await hover.textContent()) ?? '', /Read by ztunnel, sidecar/);
      await picture('hover.png');
    });

    it('applies a quick fix', async () => {
      const { workbench } = window;
      const editor = await workbench.open('quick-fix.yaml');
      await workbench.squiggles(editor, 'error').first().waitFor();
      await workbench.goTo(7, 5);
      await workbench.quickFix('selector');
      await picture('quick-fix.png');
      await workbench.page.keyboard.press('Enter');
      await workbench.squiggles(editor, 'error').first().waitFor({ state: 'detached' });
      await workbench.save('quick-fix.yaml');
      assert.match(window.read('quick-fix.yaml'), /^ {2}selector:$/m);
    });
  });
}
