import { createHash } from 'node:crypto';
import { isAbsolute } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Range } from '../../checkAnswer.ts';
import { checkPage } from '../../checkPage.ts';
import { allChecks } from '../../core/checks/catalog.ts';
import type { CheckFacts, Fix, Severity } from '../../core/schema/rule.ts';
import { VERSION } from '../../version.ts';
import type { Finding, Findings } from '../findings.ts';

const LEVELS = { error: 'error', warning: 'warning', info: 'note', hint: 'note' } as const satisfies Record<
  Severity,
  string
>;

/** SARIF 2.1.0, as code scanning reads it. */
export function formatSarif({ list }: Findings): string {
  const checks = allChecks();
  const ruleIndex = new Map(checks.map(({ code }, at) => [code, at]));
  const fingerprint = fingerprinter();
  const log = {
    $schema: 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'Meshpath',
            semanticVersion: VERSION,
            informationUri: 'https://github.com/meshpath/meshpath',
            rules: checks.map(rule),
          },
        },
        columnKind: 'utf16CodeUnits',
        results: list.map((finding) => result(finding, ruleIndex, fingerprint(finding))),
      },
    ],
  };
  return `${JSON.stringify(log, null, 2)}\n`;
}

function rule({ code, severity, what, why, todo, peers = [], optIn }: CheckFacts) {
  return {
    id: code,
    shortDescription: { text: what },
    fullDescription: { text: `${what} ${why}` },
    help: {
      text: `${what} ${why} ${todo}`,
      markdown: `${what}\n\n**Why it matters.** ${why}\n\n**What to do.** ${todo}`,
    },
    helpUri: checkPage(code),
    defaultConfiguration: { level: LEVELS[severity], ...(optIn ? { enabled: false } : {}) },
    properties: { tags: ['kubernetes', 'service-mesh'], ...(peers.length > 0 ? { peers } : {}) },
  };
}

function result(finding: Finding, ruleIndex: ReadonlyMap<string, number>, fingerprint: string) {
  const { file, range, diagnostic, related } = finding;
  const { code, severity, message, fixes } = diagnostic;
  const index = ruleIndex.get(code);
  return {
    ruleId: code,
    ...(index === undefined ? {} : { ruleIndex: index }),
    level: LEVELS[severity],
    message: { text: message },
    locations: [location(file, range)],
    ...(related.length > 0
      ? {
          relatedLocations: related.map((part, id) => ({
            id,
            ...location(part.file, part.range),
            message: { text: part.message },
          })),
        }
      : {}),
    partialFingerprints: { 'meshpath/v1': fingerprint },
    ...(fixes.length > 0 ? { fixes: fixes.map((fix) => sarifFix(finding, fix)) } : {}),
  };
}

function sarifFix({ file, rangeOf }: Finding, { title, edits }: Fix) {
  const replacements = edits.map(({ span, text }) => ({
    deletedRegion: region(rangeOf(span)),
    insertedContent: { text },
  }));
  return { description: { text: title }, artifactChanges: [{ artifactLocation: { uri: uriOf(file) }, replacements }] };
}

function location(file: string, range: Range) {
  return { physicalLocation: { artifactLocation: { uri: uriOf(file) }, region: region(range) } };
}

function region({ start, end }: Range) {
  return {
    startLine: start.line + 1,
    startColumn: start.character + 1,
    endLine: end.line + 1,
    endColumn: end.character + 1,
  };
}

/** Relative where the file is below the current folder, which should be the repository's root. */
function uriOf(file: string): string {
  return isAbsolute(file) ? pathToFileURL(file).href : file.split('/').map(encodeURIComponent).join('/');
}

/**
 * What stays the same when lines move: the check, the resource, and what the line says. Equal ones are counted, in the
 * order of the file.
 */
function fingerprinter(): (finding: Finding) => string {
  const seen = new Map<string, number>();
  return ({ file, line, diagnostic: { code, resource } }) => {
    const owner = resource ? [resource.group, resource.kind, resource.namespace ?? '', resource.name ?? ''] : [];
    const basis = JSON.stringify([code, owner, line.trim()]);
    const key = `${file}\n${basis}`;
    const count = (seen.get(key) ?? 0) + 1;
    seen.set(key, count);
    return `${createHash('sha256').update(basis).digest('hex').slice(0, 32)}:${count}`;
  };
}
