import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';
import { targets } from './bundles.mjs';

// The licenses of other people's packages whose code is in our bundles, as their licenses ask.

const ROOT = path.join(import.meta.dirname, '..');

export interface BundledPackage {
  readonly name: string;
  readonly license: string;
  readonly text: string;
}

/** The folders of all packages that some bundle has code of, from what esbuild says about its inputs. */
async function packageFolders(): Promise<string[]> {
  const folders = new Set<string>();
  for (const { in: entry, out: _, ...options } of targets) {
    const { metafile } = await build({
      ...options,
      absWorkingDir: ROOT,
      entryPoints: [entry],
      bundle: true,
      write: false,
      outdir: 'dist',
      metafile: true,
      logLevel: 'warning',
    });
    for (const input of Object.keys(metafile.inputs)) {
      const folder = /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input)?.[0];
      if (folder !== undefined) folders.add(folder);
    }
  }
  return [...folders];
}

export async function bundledPackages(): Promise<BundledPackage[]> {
  const packages = new Map<string, BundledPackage>();
  for (const folder of await packageFolders()) {
    const found = readPackage(folder);
    // Two releases of a package may be bundled; a license that both have is told once.
    packages.set(`${found.name}\n${found.text}`, found);
  }
  return [...packages.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

function readPackage(folder: string): BundledPackage {
  const place = path.join(ROOT, folder);
  const manifest: { name: string; license: string } = JSON.parse(
    readFileSync(path.join(place, 'package.json'), 'utf8'),
  );
  const file = readdirSync(place).find((name) => /^licen[cs]e(?:\.(?:md|txt))?$/i.test(name));
  if (file === undefined) throw new Error(`${manifest.name} has no file with its license`);
  const text = readFileSync(path.join(place, file), 'utf8');
  return { name: manifest.name, license: manifest.license, text: plainLines(text) };
}

function plainLines(text: string): string {
  return text
    .split(/\r?\n/)
    .map((line) => line.trimEnd())
    .join('\n')
    .trim();
}

/** The text of THIRD-PARTY-NOTICES.md. Versions are left out: licenses outlive them. */
export function noticesPage(packages: readonly BundledPackage[]): string {
  const intro = `# Third-party notices

Meshpath contains code of the packages below, each under its own license. \`npm run notices\` writes this page.
`;
  const sections = packages.map(
    ({ name, license, text }) => `\n## ${name}\n\n${license}\n\n\`\`\`text\n${text}\n\`\`\`\n`,
  );
  return intro + sections.join('');
}
