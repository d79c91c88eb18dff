import assert from 'node:assert/strict';
import path from 'node:path';
import { after, afterEach, before, describe, it } from 'mocha';
import { repository } from './vscode/package.ts';
import { openInstalled, type TestWindow } from './window.ts';

/** Where the README finds its pictures; the test draws them anew on demand only. */
const pictures = process.env.UPDATE_SCREENSHOTS === '1' ? path.join(repository, 'docs/images') : undefined;

/** The line below the last document of workspace/snippets.yaml. */
const END = 62;

describe('Snippets in VS Code', () => {
  let window: TestWindow;

  before(async () => {
    window = await openInstalled();
  });

  afterEach(async function () {
    const test = this.currentTest;
    if (test?.state === 'failed') await window.screenshot(path.join(repository, 'test-results', `${test.title}.png`));
    await window.workbench.closeAll();
  });

  after(() => window?.close());

  /** Runs a command by its title, as a person finds it. */
  async function command(title: string): Promise<void> {
    const { page } = window.workbench;
    await page.keyboard.press('F1');
    await page.locator('.quick-input-widget .quick-input-box input').waitFor();
    await page.keyboard.type(title);
    await page.locator('.quick-input-widget .monaco-list-row', { hasText: title }).first().waitFor();
    await page.keyboard.press('Enter');
  }

  it('come by their prefix with names of the workspace, and leave nothing to complain about', async () => {
    const { workbench } = window;
    const { keyboard } = workbench.page;
    const editor = await workbench.open('snippets.yaml');
    await workbench.goTo(END, 1);
    await keyboard.type('authz-allow-l7');
    await (await workbench.suggest('authz-allow-l7')).click();
    // Service, namespace, namespace of the caller and its account are those of the workspace.
    for (let stop = 1; stop < 5; stop++) await keyboard.press('Tab');
    await workbench.page.locator('.suggest-widget.visible .monaco-list-row', { hasText: 'GET' }).first().waitFor();
    // Taking a choice goes on to the next stop by itself.
    await keyboard.press('Enter');
    await keyboard.type('/items/*');
    await keyboard.press('Tab');
    await workbench.save('snippets.yaml');
    const inserted = window
      .read('snippets.yaml')
      .split('\n')
      .slice(END - 1);
    assert.deepEqual(inserted, [
      'apiVersion: security.istio.io/v1',
      'kind: AuthorizationPolicy',
      'metadata:',
      '  name: catalog-allow',
      '  namespace: market',
      'spec:',
      '  targetRefs:',
      '    - group: ""',
      '      kind: Service',
      '      name: catalog',
      '  action: ALLOW',
      '  rules:',
      '    - from:',
      '        - source:',
      '            principals:',
      '              - cluster.local/ns/market/sa/storefront',
      '      to:',
      '        - operation:',
      '            methods: ["GET"]',
      '            paths: ["/items/*"]',
      '',
    ]);
    // A mistake is reported before the document is mended again: what is silent then has been looked at.
    await workbench.goTo(END + 10, 1);
    await keyboard.type('x');
    await workbench.squiggles(editor, 'error').first().waitFor();
    await keyboard.press('Backspace');
    for (const severity of ['error', 'warning'] as const)
      await workbench.squiggles(editor, severity).first().waitFor({ state: 'detached' });
    if (!pictures) return;
    await workbench.goTo(END + 4, 1);
    await window.screenshot(path.join(pictures, 'snippets-light.png'));
    await command('Preferences: Toggle between Light/Dark Themes');
    await workbench.page.locator('.monaco-workbench.vs-dark').first().waitFor();
    await window.screenshot(path.join(pictures, 'snippets-dark.png'));
    await command('Preferences: Toggle between Light/Dark Themes');
    await workbench.page.locator('.monaco-workbench.vs').first().waitFor();
  });

  it('stay out of the way in other YAML', async () => {
    const { workbench } = window;
    await workbench.open('compose.yaml');
    await workbench.goTo(7, 1);
    await workbench.page.keyboard.type('waypoint');
    await workbench.page.keyboard.press('Control+Space');
    await workbench.page.locator('.suggest-widget.message .message', { hasText: 'No suggestions' }).waitFor();
    await workbench.page.keyboard.press('Escape');
    await workbench.save('compose.yaml');
  });

  it('are in the list of snippets to insert', async () => {
    const { workbench } = window;
    await workbench.open('empty.yaml');
    await command('Snippets: Insert Snippet');
    await workbench.page.keyboard.type('strict mTLS');
    await workbench.page
      .locator('.quick-input-widget .monaco-list-row', { hasText: 'Istio: strict mTLS' })
      .first()
      .waitFor();
    await workbench.page.keyboard.press('Enter');
    await workbench.page.locator('.view-line', { hasText: 'mode: STRICT' }).first().waitFor();
    await workbench.save('empty.yaml');
    assert.match(window.read('empty.yaml'), /^kind: PeerAuthentication$/m);
  });
});
