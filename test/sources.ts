import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

// The repository's own files, as the tests of its tidiness read them.

export const ROOT = join(import.meta.dirname, '..');

/** What git ignores and what belongs to others. */
const SKIPPED = new Set(['node_modules', 'dist', '.git', '.cache', 'test-results']);

export interface SourceText {
  /** Relative to the root, with `/`. */
  readonly path: string;
  readonly text: string;
}

export function filesUnder(folder: string, extensions: RegExp): SourceText[] {
  const found: SourceText[] = [];
  for (const entry of readdirSync(join(ROOT, folder), { withFileTypes: true })) {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
    if (entry.isDirectory() && !SKIPPED.has(entry.name)) found.push(...filesUnder(path, extensions));
    else if (entry.isFile() && extensions.test(entry.name))
      found.push({ path, text: readFileSync(join(ROOT, path), 'utf8') });
  }
  return found.sort((a, b) => (a.path < b.path ? -1 : 1));
}

const IMPORT = /^(?:import|export)\b(?:[^'"`;]*?\bfrom)?\s*['"]([^'"]+)['"]/gm;

/** What a file imports: files by their path from the root, packages by their name. */
export function importsOf({ path, text }: SourceText): string[] {
  return [...text.matchAll(IMPORT)].map(([, target = '']) => {
    if (!target.startsWith('.')) return target;
    const file = join(ROOT, dirname(path), target);
    return existsSync(file) ? relative(ROOT, file).replaceAll('\\', '/') : `missing ${target}`;
  });
}

export interface FunctionText {
  readonly name: string;
  readonly lines: number;
}

const FUNCTION_START =
  /^( *)(?:export )?(?:async )?(?:function\*? (\w+)|(?:static |readonly |private )?(?:async )?(#?\w+)\([^;]*\)[^;=]*\{$|const (\w+) = (?:async )?(?:\([^;]*|\w+) =>.*\{$)/;

/** Functions and methods with their lengths, found by indentation, which the formatter keeps honest. */
export function functionsOf({ text }: SourceText): FunctionText[] {
  const lines = text.split('\n');
  return lines.flatMap((line, start) => {
    const match = FUNCTION_START.exec(line);
    const name = match?.[2] ?? match?.[3] ?? match?.[4];
    if (!match || name === undefined || /^(?:if|for|while|switch|catch|describe|it|super)$/.test(name)) return [];
    const end = lines.findIndex((other, index) => index > start && other.startsWith(`${match[1]}}`));
    return end === -1 ? [] : [{ name, lines: end - start + 1 }];
  });
}
