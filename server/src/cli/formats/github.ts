import { relative, resolve } from 'node:path';
import type { Severity } from '../../core/schema/rule.ts';
import type { Finding, Findings } from '../findings.ts';
import { STDIN, slashes } from '../inputs.ts';
import type { Terminal } from '../terminal.ts';

const LEVELS: Readonly<Record<Severity, string>> = {
  error: 'error',
  warning: 'warning',
  info: 'notice',
  hint: 'notice',
};

/** Workflow commands of GitHub Actions, which it shows as annotations at the lines of a change. */
export function formatGithub({ list }: Findings, terminal: Pick<Terminal, 'cwd' | 'env'>): string {
  return list.map((finding) => annotation(finding, terminal)).join('');
}

function annotation({ file, range, diagnostic }: Finding, terminal: Pick<Terminal, 'cwd' | 'env'>): string {
  const { start, end } = range;
  const properties: [string, string | number][] = [
    ...(file === STDIN ? [] : [['file', inRepository(file, terminal)] as [string, string]]),
    ['line', start.line + 1],
    ['col', start.character + 1],
    ['endLine', end.line + 1],
    // GitHub takes columns only within one line.
    ...(end.line === start.line ? [['endColumn', end.character + 1] as [string, number]] : []),
    ['title', diagnostic.code],
  ];
  const list = properties.map(([name, value]) => `${name}=${escapeProperty(String(value))}`).join(',');
  return `::${LEVELS[diagnostic.severity]} ${list}::${escapeData(diagnostic.message)}\n`;
}

/** Annotations name files from the root of the repository, wherever the command runs in it. */
function inRepository(file: string, { cwd, env }: Pick<Terminal, 'cwd' | 'env'>): string {
  const root = env.GITHUB_WORKSPACE;
  if (!root) return file;
  const path = slashes(relative(root, resolve(cwd, file)));
  return path.startsWith('../') ? file : path;
}

function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
