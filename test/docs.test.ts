import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundledPackages, noticesPage } from '../scripts/notices.ts';
import { checksPage } from '../server/src/core/checks/page.ts';
import { ROOT } from './sources.ts';

// Pages that are made from the code are as the code makes them now.

function page(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8').replaceAll('\r\n', '\n');
}

describe('written pages', () => {
  it('docs/checks.md lists the checks as they are (`npm run docs` writes it)', () => {
    assert.equal(page('docs/checks.md'), checksPage());
  });

  it('THIRD-PARTY-NOTICES.md has the license of every bundled package (`npm run notices` writes it)', async () => {
    const packages = await bundledPackages();
    assert.ok(
      packages.some(({ name }) => name === 'yaml') && packages.some(({ name }) => name === 'vscode-languageserver'),
    );
    assert.equal(page('THIRD-PARTY-NOTICES.md'), noticesPage(packages));
  });

  it('the notices are packed with the extension and with the npm package', () => {
    for (const list of ['.vscodeignore', '.npmignore'])
      assert.ok(page(list).split('\n').includes('!THIRD-PARTY-NOTICES.md'), list);
  });
});
