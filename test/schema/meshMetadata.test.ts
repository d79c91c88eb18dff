import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { METADATA_KEYS, metadataKey, metadataKeysFor } from '../../server/src/core/schema/kubernetes/meshMetadata.ts';

/** The tables of labels and annotations, and the forms of their values. */

const folder = process.env.MESHPATH_CRDS;

/** Names that we know beside those of the table, because meshes write them on pods that people read. */
const BESIDE_THE_TABLE = ['label networking.istio.io/tunnel'];

describe('mesh labels and annotations', () => {
  it('names each key once for labels and once for annotations', () => {
    const names = METADATA_KEYS.map((known) => `${known.place} ${known.key}`);
    assert.deepEqual(
      names.filter((name, at) => names.indexOf(name) !== at),
      [],
    );
  });

  it('documents every key and every value', () => {
    for (const { key, doc, value } of METADATA_KEYS) {
      assert.ok(doc.length >= 20 && doc.endsWith('.'), `${key}: ${doc}`);
      for (const [text, valueDoc] of value.values ?? []) assert.ok(valueDoc.doc.length > 8, `${key}: ${text}`);
    }
  });

  it('accepts the values that it lists', () => {
    for (const { key, value } of METADATA_KEYS) {
      for (const text of value.values?.keys() ?? []) assert.ok(value.accepts(text), `${key}: ${text}`);
    }
  });

  it('replaces deprecated keys by keys that exist', () => {
    for (const { key, deprecated } of METADATA_KEYS) {
      if (deprecated?.use) assert.ok(metadataKey(deprecated.use.key, deprecated.use.place), key);
    }
  });

  it('offers what people write, and nothing that only meshes write', () => {
    const labels = metadataKeysFor('label', 'Namespace').map((known) => known.key);
    assert.ok(labels.includes('istio-injection') && labels.includes('istio.io/dataplane-mode'));
    assert.ok(!labels.includes('sidecar.istio.io/inject') && !labels.includes('linkerd.io/is-control-plane'));
  });

  it('knows keys that begin with a prefix', () => {
    assert.equal(metadataKey('resource.opentelemetry.io/service.name', 'annotation')?.mesh, 'linkerd');
    assert.equal(metadataKey('resource.opentelemetry.io/', 'annotation')?.isPrefix, true);
    assert.equal(metadataKey('resource.opentelemetry.io/service.name', 'label'), undefined);
  });

  for (const [key, place, good, bad] of [
    ['config.linkerd.io/skip-inbound-ports', 'annotation', ['25', '25,8000-8100', ''], ['0', '9-8', 'mysql', '1-2-3']],
    ['config.linkerd.io/opaque-ports', 'annotation', ['3306,mysql'], ['a-name-that-is-too-long', '70000']],
    [
      'traffic.sidecar.istio.io/includeOutboundIPRanges',
      'annotation',
      ['*', '', '10.0.0.0/8,fd00::/8'],
      ['10.0.0.0', '*,10.0.0.0/8'],
    ],
    [
      'timeout.linkerd.io/request',
      'annotation',
      ['0', '10s', '500ms', ' 2d '],
      ['5', '1.5s', '-1s', '1m30s', '10S', '', '213503982334602d'],
    ],
    ['config.linkerd.io/shutdown-grace-period', 'annotation', ['1m30s', '0'], ['10', '1d']],
    ['sidecar.istio.io/proxyCPU', 'annotation', ['100m', '0.5', '1Gi'], ['one', '100 m', '1KB']],
    ['retry.linkerd.io/http', 'annotation', ['5xx', '500-503,Gateway-Error,429'], ['600', '503-500', '5xx, 429', '']],
    ['networking.istio.io/exportTo', 'annotation', ['*', '.', '~', 'shop,shared'], ['Shop', '']],
  ] as const) {
    it(`tells right and wrong values of ${key} apart`, () => {
      const form = metadataKey(key, place)?.value;
      assert.ok(form);
      assert.deepEqual(
        good.filter((text) => !form.accepts(text)),
        [],
      );
      assert.deepEqual(
        bad.filter((text) => form.accepts(text)),
        [],
      );
    });
  }

  if (folder !== undefined) {
    it('has every key of the published table', () => {
      const rows = readFileSync(join(folder, 'annotations.tsv'), 'utf8').trim().split('\n').slice(1);
      const published = rows.flatMap((row) => {
        const [, places = '', name = ''] = row.split('\t');
        return places.split('+').map((place) => `${place} ${name.replace(/<key>$/, '')}`);
      });
      const ours = METADATA_KEYS.map((known) => `${known.place} ${known.key}`).filter(
        (name) => !BESIDE_THE_TABLE.includes(name),
      );
      assert.deepEqual(ours.sort(), published.sort());
    });
  }
});
