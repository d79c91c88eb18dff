import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkPages } from './checkPages.ts';

// Writes docs/checks.md and the page of each check, to which every diagnostic links.
const docs = join(import.meta.dirname, '../docs');
const pages = await checkPages();
rmSync(join(docs, 'checks'), { recursive: true, force: true });
mkdirSync(join(docs, 'checks'), { recursive: true });
for (const [path, text] of pages) writeFileSync(join(docs, path), text);
console.log(`wrote ${pages.size} pages below ${docs}`);
