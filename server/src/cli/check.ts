import { coreSettings } from '../coreSettings.ts';
import { readConfig } from './config.ts';
import { type Findings, findingsOf } from './findings.ts';
import { formatGithub } from './formats/github.ts';
import { formatJson } from './formats/json.ts';
import { formatSarif } from './formats/sarif.ts';
import { formatText } from './formats/text.ts';
import { type Inputs, readInputs } from './inputs.ts';
import type { Parsed } from './options.ts';
import { EXIT, type ExitCode, printable, type Terminal } from './terminal.ts';

type Formatter = (findings: Findings, terminal: Terminal) => string;

const FORMATS: ReadonlyMap<string, Formatter> = new Map<string, Formatter>([
  ['text', formatText],
  ['json', formatJson],
  ['sarif', formatSarif],
  ['github', formatGithub],
]);

/** Severities in falling order, as `--fail-on` compares them. Hints never fail a run. */
const LEVELS: readonly string[] = ['error', 'warning', 'info'];

export async function runCheck({ values, paths }: Parsed, terminal: Terminal): Promise<ExitCode> {
  const { settings, folder } = await readConfig(values.get('config'), terminal);
  const inputs = await readInputs(paths, { globs: settings.exclude, folder }, terminal);
  const findings = findingsOf(inputs, coreSettings(settings));
  const format = FORMATS.get(values.get('format') ?? 'text') ?? formatText;
  terminal.write(format(findings, terminal));
  const unread = unreadMessages(inputs);
  for (const message of unread) terminal.warn(`meshpath check: ${printable(message)}\n`);
  if (inputs.files.length === 0) terminal.warn('meshpath check: no YAML or JSON files here\n');
  if (unread.length > 0) return EXIT.usage;
  return isFailure(findings, values.get('fail-on') ?? 'error') ? EXIT.findings : EXIT.ok;
}

/**
 * What was asked for by name and could not be read. The same fault in a file that merely lies in a folder is a finding,
 * because nobody said that it is a manifest.
 */
function unreadMessages({ files, problems }: Inputs): string[] {
  const messages = [...problems];
  for (const { shown, content, named } of files) {
    if (named && content.kind === 'unreadable') messages.push(`cannot read "${shown}": ${content.reason}`);
    if (named && content.kind === 'not-utf8') messages.push(`cannot read "${shown}": it is not UTF-8`);
  }
  return messages;
}

function isFailure({ list }: Findings, failOn: string): boolean {
  // An unknown level, `never`, is at no place: nothing is at or above it.
  const failing = LEVELS.slice(0, LEVELS.indexOf(failOn) + 1);
  return list.some(({ diagnostic }) => failing.includes(diagnostic.severity));
}
