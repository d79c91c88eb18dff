import path from 'node:path';
import { after, afterEach, before, describe, it } from 'mocha';
import { repository } from './vscode/package.ts';
import { openInstalled, openWeb, type TestWindow } from './window.ts';

for (const [name, open] of Object.entries({
  'installed in VS Code': openInstalled,
  'in VS Code for the Web': openWeb,
})) {
  describe(`The settings file of a workspace ${name}`, () => {
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

    it('changes the severity of a check, in the text and in the list of problems', async () => {
      const { workbench } = window;
      const { page } = workbench;
      const faulty = await workbench.open('diagnostics.yaml');
      await workbench.squiggles(faulty, 'error').first().waitFor();
      await page.keyboard.press('Control+Shift+M');
      const problems = page.locator('.markers-panel .monaco-list-row', { hasText: 'no field `selecter`' });
      // The focused row shows that there is a fix, in the place of its severity.
      const listed = (severity: string) => problems.filter({ has: page.locator(`.codicon-${severity}`) }).first();
      await listed('error').waitFor();
      await workbench.open('.meshpath.yaml');
      await workbench.goTo(2, 18);
      await page.keyboard.press('Shift+End');
      await page.keyboard.type('warning');
      await workbench.save('.meshpath.yaml');
      await listed('warning').waitFor();
      await listed('error').waitFor({ state: 'detached' });
      await workbench.open('diagnostics.yaml');
      await workbench.squiggles(faulty, 'warning').first().waitFor();
      await workbench.squiggles(faulty, 'error').first().waitFor({ state: 'detached' });
    });
  });
}
