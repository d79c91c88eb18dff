import assert from 'node:assert/strict';
import { hover } from './cursorText.ts';

const PA = 'apiVersion: security.istio.io/v1\nkind: PeerAuthentication\nmetadata:\n  name: strict\n';

describe('hover', () => {
  it('explains a key, with who reads it and the reference', () => {
    const found = hover(`${PA}spec:\n  port$0LevelMtls:\n    "8080":\n      mode: STRICT\n`);
    assert.equal(found?.hovered, 'portLevelMtls');
    assert.match(found?.markdown ?? '', /Read by ztunnel, sidecar/);
    assert.match(found?.markdown ?? '', /istio\.io\/latest\/docs\/reference/);
  });
  it('explains a value', () => {
    const found = hover(`${PA}spec:\n  mtls:\n    mode: STR$0ICT\n`);
    assert.equal(found?.hovered, 'STRICT');
    assert.match(found?.markdown ?? '', /mutual TLS/);
  });
  it('explains the kind', () => {
    assert.match(hover(PA.replace('kind: Peer', 'kind: $0Peer'))?.markdown ?? '', /Versions: `v1`/);
  });
  it('works in flow style, JSON and Lists', () => {
    assert.equal(hover(`${PA}spec: {mtls: {mo$0de: STRICT}}`)?.hovered, 'mode');
    assert.equal(
      hover('{"apiVersion": "security.istio.io/v1", "kind": "PeerAuthentication", "spec": {"mt$0ls": {}}}')?.hovered,
      '"mtls"',
    );
    assert.equal(
      hover(
        'apiVersion: v1\nkind: List\nitems:\n- apiVersion: security.istio.io/v1\n  kind: PeerAuthentication\n  spec:\n    mt$0ls: {}',
      )?.hovered,
      'mtls',
    );
  });
  it('says nothing where it knows nothing', () => {
    assert.equal(hover(`${PA}spec:\n  unk$0nown: 1\n`), undefined);
    assert.equal(hover('services:\n  we$0b: 1\n'), undefined);
    assert.equal(hover(`${PA}spec: {} # com$0ment\n`), undefined);
  });
});
