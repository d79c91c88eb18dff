import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { allChecks } from '../server/src/core/checks/catalog.ts';
import { WORKSPACE_CHECKS } from '../server/src/core/checks/registry.ts';
import { runFixture, updateFixture } from './fixture.ts';

const FOLDER = join(import.meta.dirname, 'fixtures/checks');

/** Checks that look beyond one resource. */
const FAR = new Set(WORKSPACE_CHECKS.map(({ facts }) => facts.code));
const NONE: ReadonlySet<string> = new Set();

describe('checks', () => {
  for (const code of readdirSync(FOLDER).sort()) {
    describe(code, () => {
      const names = readdirSync(join(FOLDER, code)).sort();
      for (const name of names) {
        it(name, async () => {
          const path = join(FOLDER, code, name);
          // The documents of a fixture about one resource are examples side by side, not one workspace.
          const ignored = FAR.has(code) ? NONE : FAR;
          if (process.env.UPDATE) await updateFixture(path, ignored);
          const { differences, diagnostics } = await runFixture(path, ignored);
          assert.deepEqual(differences, []);
          const fires = diagnostics.some((diagnostic) => diagnostic.code === code);
          assert.equal(
            fires,
            name.startsWith('firing'),
            name.startsWith('firing') ? `${code} does not fire` : `${code} fires`,
          );
        });
      }
      it('is declared, and has a firing and a silent fixture', () => {
        assert.ok(
          allChecks().some((facts) => facts.code === code),
          `no check declares ${code}`,
        );
        assert.ok(
          names.some((name) => name.startsWith('firing')),
          'no firing fixture',
        );
        assert.ok(
          names.some((name) => name.startsWith('silent')),
          'no silent fixture',
        );
      });
    });
  }

  it('every declared check has fixtures', () => {
    const without = allChecks().filter((facts) => !existsSync(join(FOLDER, facts.code)));
    assert.deepEqual(
      without.map((facts) => facts.code),
      [],
    );
  });

  it('every declared check says what, why and what to do', () => {
    for (const { code, what, why, todo } of allChecks()) {
      assert.match(code, /^[a-z0-9]+(?:-[a-z0-9]+)*$/);
      for (const part of [what, why, todo]) assert.ok(part.length > 15, `${code}: "${part}"`);
    }
  });
});
