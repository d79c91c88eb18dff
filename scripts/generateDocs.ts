import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { checksPage } from '../server/src/core/checks/page.ts';

// Writes docs/checks.md, the page that every diagnostic links to, from the checks' own declarations.
const path = join(import.meta.dirname, '../docs/checks.md');
writeFileSync(path, checksPage());
console.log(`wrote ${path}`);
