import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Fix } from '../../server/src/core/schema/rule.ts';
import { applyEdits } from '../../server/src/core/yaml/edits.ts';
import type { Edit } from '../../server/src/core/yaml/span.ts';
import { ROOT } from '../sources.ts';
import { type Case, casesWithFaults, diagnosticsIn, type Placed, workspaceOf } from './texts.ts';

/**
 * Faults that a fix honestly cannot spare the user, by the code that is fixed: what is new afterwards was hidden by the
 * old fault, or is the value that only the user can give.
 */
const LEAVES: Readonly<Record<string, readonly string[]>> = {
  // The field is added with an empty value, and what goes into it only the user knows.
  'missing-required': [
    'missing-required',
    'out-of-range',
    'pattern-mismatch',
    'invalid-host',
    'authorization-admits-everyone',
  ],
  // The renamed field is read for the first time, and with it what is below.
  'unknown-field': ['unknown-field', 'wrong-type'],
  // What was no text is judged as a text now.
  'wrong-type': ['invalid-duration', 'invalid-host', 'invalid-enum-value', 'pattern-mismatch'],
  'ambiguous-scalar': ['invalid-duration', 'invalid-host', 'invalid-enum-value', 'pattern-mismatch'],
  // The current version of a kind may be stricter than the old one.
  'deprecated-version': ['out-of-range', 'missing-required'],
  'unserved-version': ['missing-required', 'unknown-field', 'wrong-type', 'out-of-range'],
  // Where the label is read for the first time, it can contradict another.
  'unknown-mesh-metadata': ['both-sidecar-and-ambient'],
  'misplaced-mesh-metadata': ['use-waypoint-without-ambient'],
  // What a protocol of the server brings is judged only then.
  'tls-on-plain-port': ['gateway-certificate-shared'],
  // A policy that is enforced again can be bypassed again.
  'target-ref-not-found': ['mesh-client-bypasses-waypoint'],
  // Another kind is another definition.
  'unknown-kind': ['missing-required', 'unknown-field', 'wrong-type'],
};

/** A diagnostic by what it says, without its place, which moves with every edit. */
function counts(found: readonly Placed[]): Map<string, number> {
  const result = new Map<string, number>();
  for (const { file, diagnostic } of found) {
    const name = `${file.path} ${diagnostic.severity} ${diagnostic.code}: ${diagnostic.message}`;
    result.set(name, (result.get(name) ?? 0) + 1);
  }
  return result;
}

function overlap(edits: readonly Edit[]): boolean {
  const sorted = [...edits].sort((a, b) => a.span.start - b.span.start);
  return sorted.some((edit, index) => index > 0 && edit.span.start < (sorted[index - 1]?.span.end ?? 0));
}

/** What is wrong with a fix, for people; empty when it keeps all its promises. */
function faultsOf({ files, settings }: Case, before: readonly Placed[], placed: Placed, fix: Fix): string[] {
  const { file, start, diagnostic } = placed;
  if (overlap(fix.edits)) return ['its edits overlap'];
  const moved = fix.edits.map(({ span, text }) => ({
    span: { start: start + span.start, end: start + span.end },
    text,
  }));
  const text = applyEdits(file.text, moved);
  if (text === file.text) return ['it changes nothing'];
  const after = diagnosticsIn(
    workspaceOf(files.map((other) => (other.path === file.path ? { ...other, text } : other))),
    settings,
  );
  const [was, is] = [counts(before), counts(after)];
  const name = `${file.path} ${diagnostic.severity} ${diagnostic.code}: ${diagnostic.message}`;
  const faults: string[] = [];
  if ((is.get(name) ?? 0) >= (was.get(name) ?? 0)) faults.push('the fault is still there');
  for (const { diagnostic: other, file: where } of after) {
    const title = `${where.path} ${other.severity} ${other.code}: ${other.message}`;
    const isNew = (is.get(title) ?? 0) > (was.get(title) ?? 0);
    const expected = LEAVES[diagnostic.code]?.includes(other.code) === true;
    if (isNew && other.severity !== 'hint' && !expected) faults.push(`new: ${other.code}: ${other.message}`);
  }
  return [...new Set(faults)];
}

const CHECKS = join(ROOT, 'server/src/core/checks');

/** The codes of the checks that can offer a fix, by their own source. */
function codesWithFixes(): string[] {
  return readdirSync(CHECKS, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts') && dirname(path) !== '.')
    .map((path) => readFileSync(join(CHECKS, path), 'utf8'))
    .filter((source) => /\bfixes\b/.test(source))
    .flatMap((source) => /code: '([a-z0-9-]+)'/.exec(source)?.[1] ?? [])
    .sort();
}

describe('fixes', () => {
  const cases = casesWithFaults();

  it('are tried for every check that has one', () => {
    const declared = codesWithFixes();
    assert.ok(declared.length > 40, String(declared.length));
    const untried = declared.filter((code) => {
      const own = cases.filter(({ name }) => name.startsWith(`${code}/firing`));
      return !own.some(({ files, settings }) =>
        diagnosticsIn(workspaceOf(files), settings).some(
          ({ diagnostic }) => diagnostic.code === code && diagnostic.fixes.length > 0,
        ),
      );
    });
    assert.deepEqual(untried, []);
  });

  const codes = [
    ...new Set(cases.map(({ name }) => (name.includes('/') ? name.slice(0, name.lastIndexOf('/')) : name))),
  ];
  for (const code of codes) {
    it(`of ${code} keep their promises`, () => {
      const faults: string[] = [];
      for (const tried of cases.filter(({ name }) => name.startsWith(`${code}/`))) {
        const before = diagnosticsIn(workspaceOf(tried.files), tried.settings);
        for (const placed of before) {
          for (const fix of placed.diagnostic.fixes) {
            for (const fault of faultsOf(tried, before, placed, fix))
              faults.push(`${tried.name} ${placed.diagnostic.code} "${fix.title}": ${fault}`);
          }
        }
      }
      assert.deepEqual(faults, []);
    });
  }
});
