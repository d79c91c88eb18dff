import type { CheckFacts } from '../schema/rule.ts';
import { allChecks } from './catalog.ts';

/** The page of all checks as Markdown, made from their declarations; diagnostics link to its anchors. */
export function checksPage(): string {
  const checks = allChecks();
  const rows = checks.map(
    ({ code, severity, what }) => `| [${code}](#${code}) | ${severity} | ${what.replaceAll('|', '\\|')} |`,
  );
  return [
    '# Checks',
    '',
    'Made from the declarations in the code; do not edit. Each code is permanent: use it in `meshpath.checks` to change the severity or to turn the check off.',
    '',
    '| code | severity | what is wrong |',
    '|---|---|---|',
    ...rows,
    '',
    ...checks.flatMap(section),
  ].join('\n');
}

function section({ code, severity, what, why, todo, peers, source }: CheckFacts): string[] {
  const facts = [`Severity: ${severity}`];
  if (peers && peers.length > 0) facts.push(`Same as: ${peers.join(', ')}`);
  if (source !== undefined) facts.push(`Source: ${source}`);
  return [
    `## ${code}`,
    '',
    what,
    '',
    `**Why it matters.** ${why}`,
    '',
    `**What to do.** ${todo}`,
    '',
    facts.join(' · '),
    '',
  ];
}
