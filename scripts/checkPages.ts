import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { allChecks } from '../server/src/core/checks/catalog.ts';
import { WORKSPACE_CHECKS } from '../server/src/core/checks/registry.ts';
import type { CheckFacts } from '../server/src/core/schema/rule.ts';
import { markerOf, parseFixture, runFixture } from '../test/fixture.ts';
import { CHECK_TOPICS, topicsOfChecks } from './checkTopics.ts';

// The pages of the checks: an index, and one page for each code, made from its declaration and its fixtures.

const FIXTURES = join(import.meta.dirname, '../test/fixtures/checks');

/** The examples of checks that look beyond one resource are whole workspaces; of others one document is enough. */
const FAR = new Set(WORKSPACE_CHECKS.map(({ facts }) => facts.code));

/** Every page by its path below `docs/`. */
export async function checkPages(): Promise<Map<string, string>> {
  const checks = allChecks();
  const pages = new Map([['checks.md', indexOf(checks)]]);
  for (const check of checks) pages.set(`checks/${check.code}.md`, await pageOf(check));
  return pages;
}

function indexOf(checks: readonly CheckFacts[]): string {
  const topics = topicsOfChecks();
  const homeless = checks.filter(({ code }) => !topics.has(code)).map(({ code }) => code);
  if (homeless.length > 0) throw new Error(`name a topic for the folder of ${homeless.join(', ')}`);
  const sections = CHECK_TOPICS.map((topic) => {
    const rows = checks.filter(({ code }) => topics.get(code) === topic).map(rowOf);
    return { ...topic, rows };
  });
  return [
    '# Checks',
    '',
    'Made from the declarations in the code; do not edit. Each code is permanent: use it in `meshpath.checks` to change the severity or to turn the check off, or on where it is off.',
    '',
    ...sections.map(({ title, intro, rows }) => `- [${title}](#${anchorOf(title)}) (${rows.length}): ${intro}`),
    '',
    ...sections.flatMap(({ title, intro, rows }) => [
      `## ${title}`,
      '',
      intro,
      '',
      '| code | severity | what is wrong |',
      '|---|---|---|',
      ...rows,
      '',
    ]),
  ].join('\n');
}

function rowOf({ code, severity, what, optIn }: CheckFacts): string {
  return `| [${code}](checks/${code}.md) | ${severity}${optIn ? ' (off)' : ''} | ${what.replaceAll('|', '\\|')} |`;
}

/** The anchor that renderers of Markdown give a heading. */
function anchorOf(title: string): string {
  return title.toLowerCase().replaceAll(' ', '-');
}

async function pageOf({ code, severity, what, why, todo, peers, source, optIn }: CheckFacts): Promise<string> {
  const faulty = smallest(code, 'firing');
  const good = smallest(code, 'silent');
  const fixes = await fixTitles(code, faulty);
  const facts = [`Severity: ${severity}${optIn ? ', off until `meshpath.checks` names it' : ''}`];
  if (peers && peers.length > 0) facts.push(`Same as: ${peers.join(', ')}`);
  if (source !== undefined) facts.push(`Source: ${source}`);
  return [
    `# ${code}`,
    '',
    what,
    '',
    `**Why it matters.** ${why}`,
    '',
    `**What to do.** ${todo}`,
    '',
    ...(fixes.length > 0 ? [`**Quick fix.** ${fixes.join('; ')}.`, ''] : []),
    facts.join(' · '),
    '',
    '## Found here',
    '',
    ...example(code, faulty),
    '',
    '## Nothing to say here',
    '',
    ...example(code, good),
    '',
    `To leave it out of a file, write \`# meshpath-ignore ${code}: reason\` above the line or the document. [All checks](../checks.md)`,
    '',
  ].join('\n');
}

interface Example {
  readonly path: string;
  readonly text: string;
}

function smallest(code: string, kind: 'firing' | 'silent'): Example {
  const folder = join(FIXTURES, code);
  const examples = readdirSync(folder)
    .filter((name) => name.startsWith(kind))
    .sort()
    .map((name) => ({ path: join(folder, name), text: readFileSync(join(folder, name), 'utf8') }));
  const [first, ...others] = examples;
  if (!first) throw new Error(`${code} has no ${kind} fixture`);
  return others.reduce((least, example) => (example.text.length < least.text.length ? example : least), first);
}

/** What the fixes for the fault are called; several fixtures have several, and one says enough. */
async function fixTitles(code: string, { path }: Example): Promise<string[]> {
  const { diagnostics } = await runFixture(path);
  const found = diagnostics.find((diagnostic) => diagnostic.code === code && diagnostic.fixes.length > 0);
  return found?.fixes.map(({ title }) => title) ?? [];
}

function example(code: string, { text }: Example): string[] {
  const { settings } = parseFixture('', text);
  const lines = text.trimEnd().split('\n');
  const shown = FAR.has(code) ? lines : documentOf(lines, code);
  const stated = Object.entries(settings as Record<string, unknown>);
  const told = stated.length > 0 ? [`With the settings \`${JSON.stringify(settings)}\`:`, ''] : [];
  const body = shown.filter((line) => !line.startsWith('#! settings: ')).flatMap((line) => shownLine(line, code));
  return [...told, '```yaml', ...trimmed(body), '```'];
}

/** The first document in which the code is reported; the first of all where it is not. */
function documentOf(lines: readonly string[], code: string): readonly string[] {
  const documents: string[][] = [[]];
  for (const line of lines) {
    if (line === '---' || /^#- \S+$/.test(line)) documents.push([]);
    if (line !== '---') documents.at(-1)?.push(line);
  }
  const filled = documents.filter((document) => document.some((line) => line.trim() !== '' && !line.startsWith('#')));
  const reporting = filled.find((document) => document.some((line) => markerOf(line)?.code === code));
  return reporting ?? filled[0] ?? [];
}

/** Names of files and what is reported, as a reader wants them. What other checks say about the example is left out. */
function shownLine(line: string, code: string): string[] {
  const file = /^#- (\S+)$/.exec(line)?.[1];
  if (file !== undefined) return [`# ${file}`];
  const marker = markerOf(line);
  if (!marker) return [line];
  if (marker.code !== code) return [];
  const { start, end, message } = marker;
  const carets = start >= 2 ? `${' '.repeat(start - 1)}${'^'.repeat(Math.max(1, end - start))} ` : ' ';
  return [`#${carets}${message}`];
}

function trimmed(lines: readonly string[]): string[] {
  const first = lines.findIndex((line) => line.trim() !== '');
  const last = lines.findLastIndex((line) => line.trim() !== '');
  return lines.slice(Math.max(0, first), last + 1);
}
