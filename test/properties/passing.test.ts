import assert from 'node:assert/strict';
import fc from 'fast-check';
import { enforcementHints } from '../../server/src/core/features/enforcement/hints.ts';
import { enforcementHover } from '../../server/src/core/features/enforcement/hover.ts';
import { requestFor } from '../../server/src/core/features/hopPathAt.ts';
import { enforcementOf, isEnforceable } from '../../server/src/core/mesh/passing/enforcement.ts';
import type { PathContext } from '../../server/src/core/mesh/paths/context.ts';
import { hopPath } from '../../server/src/core/mesh/paths/hopPath.ts';
import { DEFAULT_SETTINGS } from '../../server/src/core/settings.ts';
import { sampleFiles, workspaceOf } from './texts.ts';

// What is said about the enforcement of policies is what the paths say, whatever the files look like.

const SHOPS = ['shop-ambient', 'shop-sidecar', 'shop-linkerd'] as const;

describe('the enforcement of the policies of the samples', () => {
  for (const folder of [...SHOPS, 'faults']) {
    it(`is what the path of each request says: ${folder}`, () => {
      const { world } = workspaceOf(sampleFiles(folder)).snapshot();
      const context: PathContext = { world, settings: DEFAULT_SETTINGS, hypothesis: undefined };
      const policies = world.all.filter(isEnforceable);
      assert.ok(policies.length > 3);
      for (const policy of policies) {
        const { findings, answers } = enforcementOf(context, policy);
        for (const { request, outcome } of answers) {
          const path = hopPath(context, request);
          assert.deepEqual(outcome, path.outcome);
          const own = path.policies.filter((verdict) => verdict.policy === policy);
          const told = findings.filter(({ requests }) => requests.includes(request));
          assert.deepEqual(
            new Set(told.map(({ verdict }) => `${verdict.verdict} ${verdict.effect} ${verdict.reason}`)),
            new Set(own.map(({ verdict, effect, reason }) => `${verdict} ${effect} ${reason}`)),
          );
          for (const { at } of own) assert.ok(at === null || told.some(({ places }) => places.includes(at)));
        }
      }
    });
  }
});

describe('damaged samples', () => {
  const FILES = new Map(SHOPS.map((folder) => [folder, sampleFiles(folder)]));
  const damage = fc.record({
    folder: fc.constantFrom(...SHOPS),
    file: fc.nat(),
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    length: fc.nat(40),
    text: fc.constantFrom('', '[', '{', '}', '\t', '"', '{{ .x }}', '7', '__proto__', ': ', '\n- ', '*', '---\n'),
  });

  it('have requests, paths, hovers and hints without an exception', () => {
    fc.assert(
      fc.property(damage, ({ folder, file, at, length, text }) => {
        const files = [...(FILES.get(folder) ?? [])];
        const index = file % files.length;
        const { path, text: whole } = files[index] ?? { path: 'none.yaml', text: '' };
        const start = Math.floor(at * whole.length);
        files[index] = { path, text: whole.slice(0, start) + text + whole.slice(start + length) };
        const snapshot = workspaceOf(files).snapshot();
        const context: PathContext = { world: snapshot.world, settings: DEFAULT_SETTINGS, hypothesis: undefined };
        const damaged = snapshot.file(path);
        assert.ok(damaged);
        for (const located of snapshot.located(damaged)) {
          const request = requestFor(context, located);
          if (request) hopPath(context, request);
        }
        enforcementHover(snapshot, damaged, start, DEFAULT_SETTINGS);
        const end = damaged.text.length;
        for (const { offset, label } of enforcementHints(snapshot, damaged, { start: 0, end }, DEFAULT_SETTINGS)) {
          assert.ok(offset <= end);
          assert.ok(label !== '');
        }
      }),
      { numRuns: 60 },
    );
  });
});
