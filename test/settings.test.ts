import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, it } from 'mocha';
import { DEFAULT_SETTINGS } from '../server/src/core/settings.ts';
import { coreSettings } from '../server/src/coreSettings.ts';
import { configurationSection } from '../server/src/protocol/manifest.ts';
import { readSettings, SETTING_DOCS, settingsSchema } from '../server/src/protocol/settings.ts';
import { VERSION } from '../server/src/version.ts';

const MANIFEST = fileURLToPath(new URL('../package.json', import.meta.url));

describe('settings', () => {
  it('are in the manifest as the schema has them (UPDATE=1 writes them there)', () => {
    const manifest = JSON.parse(readFileSync(MANIFEST, 'utf8'));
    const made = JSON.parse(JSON.stringify(configurationSection()));
    if (process.env.UPDATE === '1') {
      manifest.contributes.configuration = made;
      writeFileSync(MANIFEST, `${JSON.stringify(manifest, null, 2)}\n`);
    }
    assert.deepEqual(manifest.contributes.configuration, made);
  });

  it('all have docs and a default, and there are no docs of other settings', () => {
    const { properties } = configurationSection();
    for (const [name, schema] of Object.entries(properties)) {
      assert.ok((schema.markdownDescription ?? '').length >= 20, name);
      assert.notEqual(schema.default, undefined, name);
    }
    const names = Object.keys(properties).map((name) => name.slice('meshpath.'.length));
    assert.deepEqual(
      Object.keys(SETTING_DOCS).filter((name) => !names.includes(name)),
      [],
    );
  });

  it('have the defaults of the core', () => {
    assert.deepEqual(coreSettings(settingsSchema.parse({})), DEFAULT_SETTINGS);
  });

  it('that are wrong are named and replaced, and the others kept', () => {
    const { settings, problems } = readSettings({ rootNamespace: 5, closedWorld: true, targets: { istio: 7 } });
    assert.equal(settings.closedWorld, true);
    assert.equal(settings.rootNamespace, 'istio-system');
    assert.equal(settings.targets.istio, '1.30');
    assert.deepEqual(problems.map((problem) => problem.split(':')[0]).sort(), [
      'meshpath.rootNamespace',
      'meshpath.targets.istio',
    ]);
  });

  it('never come from names that mean something to JavaScript', () => {
    for (const input of [
      JSON.parse('{"__proto__": {"polluted": true}}'),
      JSON.parse('{"checks": {"__proto__": "off"}}'),
      null,
      3,
      [],
      'x',
    ]) {
      assert.deepEqual(readSettings(input).settings.targets, settingsSchema.parse({}).targets);
    }
    assert.equal(Object.hasOwn(Object.prototype, 'polluted'), false);
  });
});

describe('the version', () => {
  it('is that of the package', () => {
    assert.equal(VERSION, JSON.parse(readFileSync(MANIFEST, 'utf8')).version);
  });
});
