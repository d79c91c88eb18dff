import assert from 'node:assert/strict';
import { DEFAULT_SETTINGS } from '../../server/src/core/settings.ts';
import { accept, completions, docOf, labels } from './cursorText.ts';

const PA = 'apiVersion: security.istio.io/v1\nkind: PeerAuthentication\nmetadata:\n  name: strict\n';
const VS = 'apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata:\n  name: cart\n';

describe('completion of keys', () => {
  it('offers the fields of the place that are not there yet', () => {
    assert.deepEqual(labels(`${PA}spec:\n  selector: {}\n  $0`), ['mtls', 'portLevelMtls']);
  });
  it('writes a map key with its line and indentation below', () => {
    assert.equal(accept(`${PA}spec:\n  mt$0`, 'mtls'), `${PA}spec:\n  mtls:\n    $0`);
  });
  it('writes an enum as a choice', () => {
    assert.match(accept(`${PA}spec:\n  mtls:\n    $0`, 'mode'), / {4}mode: \$\{1\|[A-Z,]*STRICT[A-Z,]*\|\}\$0$/);
  });
  it('replaces only the name when the colon is there', () => {
    assert.equal(accept(`${PA}spec:\n  mt$0ls: {}`, 'mtls'), `${PA}spec:\n  mtls: {}`);
  });
  it('works in the middle of a document, below and above siblings', () => {
    assert.deepEqual(labels(`${PA}spec:\n  $0\n  mtls: {}\n  portLevelMtls: {}`), ['selector']);
  });
  it('inserts required children, and the dash of a list', () => {
    assert.equal(
      accept(`${VS}spec:\n  http:\n    - $0`, 'route'),
      `${VS}spec:\n  http:\n    - route:\n        - destination:\n            host: $0`,
    );
  });
  it('begins a list item with its dash when there is none', () => {
    assert.equal(
      accept(`${VS}spec:\n  http:\n    $0`, 'route'),
      `${VS}spec:\n  http:\n    - route:\n        - destination:\n            host: $0`,
    );
  });
  it('mends wrong indentation', () => {
    assert.equal(accept(`${PA}spec:\n  selector: {}\n     $0`, 'mtls'), `${PA}spec:\n  selector: {}\n  mtls:\n    $0`);
  });
  it('works in flow style', () => {
    assert.equal(accept(`${PA}spec: {mt$0}`, 'mtls'), `${PA}spec: {mtls: {$1}}`);
  });
  it('works in JSON, inside the quotes', () => {
    const text = '{"apiVersion": "security.istio.io/v1", "kind": "PeerAuthentication", "spec": {"mt$0": {}}}';
    assert.equal(accept(text, 'mtls'), text.replace('mt$0', 'mtls'));
  });
  it('works in JSON without quotes or colon', () => {
    const text = '{"apiVersion": "security.istio.io/v1", "kind": "PeerAuthentication", "spec": {$0}}';
    assert.equal(accept(text, 'mtls'), text.replace('$0', '"mtls": {$1}'));
  });
  it('works in JSON inside quotes that nothing follows', () => {
    const text = '{"apiVersion": "security.istio.io/v1", "kind": "PeerAuthentication", "spec": {"$0"}}';
    assert.equal(accept(text, 'mtls'), text.replace('"$0"', '"mtls": {$1}'));
  });
  it('works in the second document and in a List', () => {
    assert.deepEqual(labels(`a: 1\n---\n${PA}spec:\n  mtls: {}\n  $0\n---\nb: 2\n`), ['selector', 'portLevelMtls']);
    const list = `apiVersion: v1\nkind: List\nitems:\n  - apiVersion: security.istio.io/v1\n    kind: PeerAuthentication\n    spec:\n      $0`;
    assert.deepEqual(labels(list), ['selector', 'mtls', 'portLevelMtls']);
  });
  it('works in broken text', () => {
    assert.ok(labels(`${VS}spec:\n  hosts: [a\n  http:\n  - ma$0`).length >= 0);
    assert.ok(labels(`${VS}spec:\n  hosts: *nowhere\n  tls\n  ht$0`).includes('http'));
  });
  it('works with comments and blank lines around', () => {
    assert.ok(labels(`${VS}spec:\n  # about hosts\n\n  hosts:\n    - a\n\n  $0\n\n  # end\n`).includes('http'));
  });
  it('offers nothing in comments, block scalars, foreign documents and unknown places', () => {
    assert.deepEqual(labels(`${PA}spec: # $0`), []);
    assert.deepEqual(labels('version: "3"\nservices:\n  web:\n    $0'), []);
    assert.deepEqual(labels('version: "3"\n$0'), []);
    assert.deepEqual(labels(`${PA}spec:\n  nothing:\n    $0`), []);
  });
  it('keeps CRLF documents whole', () => {
    const text = `${PA}spec:\n  mt$0`.replaceAll('\n', '\r\n');
    assert.ok(labels(text).includes('mtls'));
  });
  it('offers nothing twice', () => {
    for (const marked of ['$0', `${VS}spec:\n  $0`, `${VS}spec:\n  http:\n  - $0`, 'apiVersion: $0', 'kind: $0']) {
      const all = labels(marked);
      assert.deepEqual(all, [...new Set(all)], marked);
    }
  });
});

describe('completion of values', () => {
  it('offers enum values and replaces the word', () => {
    assert.equal(
      accept(`${PA}spec:\n  mtls:\n    mode: ST$0 # why`, 'STRICT'),
      `${PA}spec:\n  mtls:\n    mode: STRICT # why`,
    );
  });
  it('adds the blank after a colon', () => {
    assert.equal(accept(`${PA}spec:\n  mtls:\n    mode:$0`, 'STRICT'), `${PA}spec:\n  mtls:\n    mode: STRICT`);
  });
  it('stays inside quotes', () => {
    assert.equal(accept(`${PA}spec:\n  mtls:\n    mode: "$0"`, 'STRICT'), `${PA}spec:\n  mtls:\n    mode: "STRICT"`);
    assert.equal(accept(`${PA}spec: {mtls: {mode: 'S$0'}}`, 'STRICT'), `${PA}spec: {mtls: {mode: 'STRICT'}}`);
  });
  it('offers booleans', () => {
    assert.deepEqual(labels(`${VS}spec:\n  http:\n    - match:\n        - ignoreUriCase: $0`), ['true', 'false']);
  });
});

describe('completion of apiVersion and kind', () => {
  it('is one choice', () => {
    const item = completions('apiVersion: sec$0').find(
      (candidate) => candidate.label === 'security.istio.io/v1 · PeerAuthentication',
    );
    assert.ok(item);
    assert.equal(accept('apiVersion: sec$0', item.label), 'apiVersion: security.istio.io/v1\nkind: PeerAuthentication');
  });
  it('offers the versions of the kind that is there', () => {
    assert.deepEqual(labels('apiVersion: $0\nkind: PeerAuthentication'), [
      'security.istio.io/v1',
      'security.istio.io/v1beta1',
    ]);
  });
  it('offers the kinds of the group that is there', () => {
    const kinds = labels('apiVersion: networking.istio.io/v1\nkind: $0');
    assert.ok(kinds.includes('VirtualService') && !kinds.includes('PeerAuthentication'));
  });
  it('sets the apiVersion with the kind', () => {
    assert.equal(
      accept('kind: Peer$0', 'PeerAuthentication'),
      'apiVersion: security.istio.io/v1\nkind: PeerAuthentication',
    );
  });
  it('writes the skeleton of a new document', () => {
    assert.equal(
      accept('$0', 'PeerAuthentication'),
      'apiVersion: security.istio.io/v1\nkind: PeerAuthentication\nmetadata:\n  name: ${1:name}\nspec:\n  $0',
    );
    assert.ok(labels(`${PA}---\n$0`).includes('VirtualService'));
    assert.ok(labels(`${PA}---\nVirt$0`).includes('VirtualService'));
  });
  it('has no skeletons for a document that has begun', () => {
    assert.ok(!labels('name: x\n$0').includes('VirtualService'));
  });
});

describe('completion and targets', () => {
  it('does not offer what the targeted release does not have', () => {
    const older = { ...DEFAULT_SETTINGS, targets: { ...DEFAULT_SETTINGS.targets, istio: '1.24' } };
    const field = labels(
      'apiVersion: networking.istio.io/v1\nkind: DestinationRule\nspec:\n  host: a\n  trafficPolicy:\n    $0',
    );
    assert.ok(field.includes('retryBudget'));
    assert.ok(
      !labels(
        'apiVersion: networking.istio.io/v1\nkind: DestinationRule\nspec:\n  host: a\n  trafficPolicy:\n    $0',
        older,
      ).includes('retryBudget'),
    );
  });
});

describe('documentation of items', () => {
  it('is resolved from the item alone', () => {
    assert.match(docOf(`${PA}spec:\n  $0`, 'portLevelMtls') ?? '', /workload/);
    assert.match(docOf(`${PA}spec:\n  mtls:\n    mode: $0`, 'STRICT') ?? '', /mutual TLS/);
    assert.match(docOf('$0', 'PeerAuthentication') ?? '', /accept/);
  });
});

describe('completion of mesh labels and annotations', () => {
  const NS = 'apiVersion: v1\nkind: Namespace\nmetadata:\n  name: shop\n';
  it('offers those that are read on the kind', () => {
    const all = labels(`${NS}  labels:\n    $0`);
    assert.ok(all.includes('istio.io/dataplane-mode') && all.includes('istio-injection'));
    assert.ok(!all.includes('linkerd.io/inject'), 'that is an annotation');
    assert.ok(labels(`${NS}  annotations:\n    $0`).includes('linkerd.io/inject'));
  });
  it('offers their values, quoted where YAML would read something else', () => {
    assert.equal(
      accept(`${NS}  labels:\n    istio.io/dataplane-mode: $0`, 'ambient'),
      `${NS}  labels:\n    istio.io/dataplane-mode: ambient`,
    );
    const service = 'apiVersion: v1\nkind: Service\nmetadata:\n  labels:\n    istio.io/ingress-use-waypoint: $0';
    assert.ok(accept(service, 'true').endsWith('istio.io/ingress-use-waypoint: "true"'));
  });
  it('knows pod templates', () => {
    const deployment =
      'apiVersion: apps/v1\nkind: Deployment\nspec:\n  template:\n    metadata:\n      annotations:\n        $0';
    assert.ok(labels(deployment).includes('linkerd.io/inject'));
    assert.deepEqual(labels('apiVersion: apps/v1\nkind: Deployment\nspec:\n  $0'), []);
  });
  it('explains them', () => {
    assert.match(docOf(`${NS}  labels:\n    $0`, 'istio.io/dataplane-mode') ?? '', /Takes/);
    assert.match(docOf(`${NS}  labels:\n    istio.io/dataplane-mode: $0`, 'ambient') ?? '', /ambient/);
  });
});
