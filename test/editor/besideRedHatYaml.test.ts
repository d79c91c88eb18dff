import assert from 'node:assert/strict';
import path from 'node:path';
import { after, before, describe, it } from 'mocha';
import { openWeb, type TestWindow } from './window.ts';

// The extension of Red Hat itself comes from the marketplace only. What its server does with our answers is tested
// beside the client; here a stand-in of its name shows that the answers arrive.
describe('Meshpath beside Red Hat YAML in VS Code', () => {
  let window: TestWindow;

  before(async () => {
    window = await openWeb({ redHatYaml: path.join(import.meta.dirname, 'redHatYaml') });
  });

  after(() => window?.close());

  it('contributes the schema that says nothing, and leaves the errors of YAML to it', async () => {
    const { workbench } = window;
    const editor = await workbench.open('duplicate-key.yaml');
    const squiggles = workbench.squiggles(editor, 'error');
    await squiggles.first().waitFor();
    await workbench.goTo(9, 5);
    await workbench.hover('did you mean');
    // The duplicate key would be a second one.
    assert.equal(await squiggles.count(), 1);
    await workbench.hover('Contributed: {}');
  });

  it('contributes nothing for what is of no mesh', async () => {
    const { workbench } = window;
    await workbench.open('deployment.yaml');
    await workbench.goTo(2, 8);
    await workbench.hover('Contributed: no schema');
  });
});
