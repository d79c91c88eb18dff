import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { check } from '../server/src/api.ts';
import { parseFixture } from './fixture.ts';
import { ROOT } from './sources.ts';

// What is not in the workspace may be in the cluster, unless the workspace is said to hold everything.

const CHECKS = join(ROOT, 'server/src/core/checks');
const FIXTURES = join(ROOT, 'test/fixtures/checks');

/** The codes of the checks that say that something is absent, by their own source. */
function codesAboutAbsence(): string[] {
  return readdirSync(CHECKS, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts') && path.includes('/'))
    .map((path) => readFileSync(join(CHECKS, path), 'utf8'))
    .filter((source) => /severity: (?:scope\.)?absence\b/.test(source))
    .flatMap((source) => /code: '([a-z0-9-]+)'/.exec(source)?.[1] ?? []);
}

/** What is no error in a closed world either: the resource is in order by itself, and there are reasons to apply it. */
const LESS: Readonly<Record<string, { severity: string; because: string }>> = {
  'mtls-not-required': {
    severity: 'info',
    because: 'Every request arrives, and those of the mesh are encrypted; that others are let in may be meant.',
  },
  'network-policy-selects-nothing': {
    severity: 'warning',
    because: 'A policy is often applied before its pods, so that it is there when they start.',
  },
  'pod-account-not-found': {
    severity: 'warning',
    because: 'Accounts are made by controllers too, which no file says even of a cluster that is known otherwise.',
  },
  'selector-matches-nothing': {
    severity: 'warning',
    because: 'A policy is often applied before its workload; istioctl and Kiali warn as well.',
  },
  'service-selects-nothing': {
    severity: 'warning',
    because: 'Pods are made by controllers too, and a Service is allowed to wait for its pods.',
  },
  'sidecar-egress-host-not-found': {
    severity: 'warning',
    because: 'An import that brings nothing takes nothing away: all others work. Kiali warns as well.',
  },
  'target-waypoint-unused': {
    severity: 'warning',
    because:
      'Waypoint and policies come first, the label that leads traffic there last: between the two nothing is broken.',
  },
};

/** The severities with which a code is reported in its fixtures, under one assumption. */
async function severitiesOf(code: string, closedWorld: boolean): Promise<Set<string>> {
  const found = new Set<string>();
  for (const name of readdirSync(join(FIXTURES, code))) {
    const { files, settings } = parseFixture('fixture.yaml', readFileSync(join(FIXTURES, code, name), 'utf8'));
    const { diagnostics } = await check({ files }, { ...(settings as object), closedWorld });
    for (const diagnostic of diagnostics) if (diagnostic.code === code) found.add(diagnostic.severity);
  }
  return found;
}

describe('what the workspace does not have', () => {
  const codes = codesAboutAbsence();

  it('is what many checks are about', () => {
    assert.ok(codes.length > 20, String(codes.length));
  });

  for (const code of codes) {
    it(`is never worse in an open world than in a closed one: ${code}`, async () => {
      const [closed, open] = [worst(await severitiesOf(code, true)), worst(await severitiesOf(code, false))];
      assert.ok(closed >= open, `closed ${LEVELS[closed]}, open ${LEVELS[open]}`);
    });
  }

  it('is an error in a closed world, but for what has a reason to be less', async () => {
    const less: string[] = [];
    for (const code of codes) {
      const severity = LEVELS[worst(await severitiesOf(code, true))];
      if (severity !== 'error') less.push(`${code}: ${severity}`);
    }
    assert.deepEqual(
      less.sort(),
      Object.entries(LESS)
        .map(([code, { severity }]) => `${code}: ${severity}`)
        .sort(),
    );
  });

  it('is no more than a hint in an open one, as a rule', async () => {
    const both: string[] = [];
    for (const code of codes) {
      const [closed, open] = [await severitiesOf(code, true), await severitiesOf(code, false)];
      if (closed.has('error') && open.has('hint')) both.push(code);
    }
    assert.ok(both.length > 20, both.join(', '));
    assert.ok(
      ['destination-host-not-found', 'subset-not-found', 'principal-not-found'].every((code) => both.includes(code)),
    );
  });
});

const LEVELS = ['nothing', 'hint', 'info', 'warning', 'error'];

function worst(severities: ReadonlySet<string>): number {
  return Math.max(0, ...[...severities].map((severity) => LEVELS.indexOf(severity)));
}
