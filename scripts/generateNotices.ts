import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundledPackages, noticesPage } from './notices.ts';

// Writes THIRD-PARTY-NOTICES.md, which goes wherever the bundles go.
const path = join(import.meta.dirname, '../THIRD-PARTY-NOTICES.md');
writeFileSync(path, noticesPage(await bundledPackages()));
console.log(`wrote ${path}`);
