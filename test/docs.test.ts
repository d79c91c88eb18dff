import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkPages } from '../scripts/checkPages.ts';
import { CHECK_TOPICS } from '../scripts/checkTopics.ts';
import { bundledPackages, noticesPage } from '../scripts/notices.ts';
import { checkPage } from '../server/src/checkPage.ts';
import { allChecks } from '../server/src/core/checks/catalog.ts';
import { ROOT } from './sources.ts';

// Pages that are made from the code are as the code makes them now.

function page(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8').replaceAll('\r\n', '\n');
}

describe('written pages', () => {
  it('docs/checks has a page for each check as it is, and no others (`npm run docs` writes them)', async () => {
    const pages = await checkPages();
    for (const [path, text] of pages) assert.equal(page(`docs/${path}`), text, path);
    const written = readdirSync(join(ROOT, 'docs/checks')).map((name) => `checks/${name}`);
    assert.deepEqual(
      written.filter((path) => !pages.has(path)),
      [],
    );
  });

  it('docs/checks.md lists each check once, below its topic, and no topic is empty', () => {
    const sections = page('docs/checks.md').split(/^## /m).slice(1);
    const listed = sections.map((section) => [...section.matchAll(/^\| \[([a-z0-9-]+)\]/gm)].map(([, code]) => code));
    assert.deepEqual(
      listed.flat().sort(),
      allChecks().map(({ code }) => code),
    );
    assert.equal(sections.length, CHECK_TOPICS.length);
    for (const [index, { title, intro }] of CHECK_TOPICS.entries()) {
      assert.ok(sections[index]?.startsWith(`${title}\n\n${intro}\n`), title);
      assert.notEqual(listed[index]?.length, 0, title);
    }
  });

  it('the page of a diagnostic is one of them', async () => {
    const pages = await checkPages();
    for (const { code } of allChecks()) {
      const [, path = ''] = checkPage(code).split('/docs/');
      assert.ok(pages.has(path), path);
    }
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
