import assert from 'node:assert/strict';
import { routeTo, SHOP } from './shop.ts';
import { prepared, renamed } from './workspaceText.ts';

describe('rename', () => {
  it('changes a subset where it is declared and where it is named', () => {
    const changes = ['shop/rule.yaml: - name: old', 'shop/route.yaml: subset: old'];
    assert.deepEqual(renamed(routeTo('host: catalog\nsubset: sta$0ble'), 'old'), changes);
    const declared = routeTo('host: catalog\nsubset: stable').replace('name: stable', 'name: sta$0ble');
    assert.deepEqual(renamed(declared, 'old'), changes);
  });

  it('changes a Service in hosts of every length, and nothing around the name', () => {
    const identity =
      '#- a.yaml\napiVersion: networking.istio.io/v1\nkind: Sidecar\nmetadata: {name: s, namespace: pay}\nspec:\n  egress:\n    - hosts: ["shop/catalog.shop.svc.cluster.local", "./*"]\n';
    assert.deepEqual(renamed(routeTo('host: cata$0log.shop.svc.cluster.local') + identity, 'books'), [
      'shop/catalog.yaml: name: books',
      'shop/rule.yaml: host: books',
      'shop/route.yaml: hosts: [books]',
      'shop/route.yaml: host: books.shop.svc.cluster.local',
      'a.yaml: - hosts: ["shop/books.shop.svc.cluster.local", "./*"]',
    ]);
  });

  it('leaves a wildcard that covers the Service', () => {
    const changes = renamed(
      routeTo('host: cata$0log').replace('hosts: [catalog]', 'hosts: ["*.shop.svc.cluster.local"]'),
      'books',
    );
    assert.deepEqual(changes, [
      'shop/catalog.yaml: name: books',
      'shop/rule.yaml: host: books',
      'shop/route.yaml: host: books',
    ]);
  });

  it('changes a ServiceAccount in identities', () => {
    const policy =
      '#- p.yaml\napiVersion: security.istio.io/v1\nkind: AuthorizationPolicy\nmetadata: {name: p, namespace: pay}\nspec:\n  rules:\n    - from:\n        - source:\n            principals: ["cluster.local/ns/shop/sa/cat$0alog"]\n';
    assert.deepEqual(renamed(SHOP + policy, 'reader'), [
      'shop/catalog.yaml: serviceAccountName: reader',
      'shop/catalog.yaml: name: reader',
      'p.yaml: principals: ["cluster.local/ns/shop/sa/reader"]',
    ]);
  });

  it('changes a Gateway, its listeners, and what waypoint labels name', () => {
    const route = (parent: string) =>
      `${SHOP}#- r.yaml\napiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\nmetadata: {name: r, namespace: shop}\nspec:\n  parentRefs:\n    - ${parent}\n`;
    assert.deepEqual(renamed(route('{name: ed$0ge, namespace: edge}'), 'front'), [
      'edge/gateway.yaml: name: front',
      'r.yaml: - {name: front, namespace: edge}',
    ]);
    assert.deepEqual(renamed(route('{name: edge, namespace: edge, sectionName: w$0eb}'), 'http'), [
      'edge/gateway.yaml: - name: http',
      'r.yaml: - {name: edge, namespace: edge, sectionName: http}',
    ]);
    const waypoint = `${SHOP}#- ns.yaml\napiVersion: v1\nkind: Namespace\nmetadata:\n  name: shop\n  labels: {istio.io/use-waypoint: way$0point}\n`;
    assert.deepEqual(renamed(waypoint, 'gate'), [
      'edge/gateway.yaml: name: gate',
      'ns.yaml: labels: {istio.io/use-waypoint: gate}',
    ]);
  });

  it('changes the host of a ServiceEntry as a whole', () => {
    assert.deepEqual(renamed(routeTo('host: api.cards$0.example'), 'api.cards.test'), [
      'pay/ledger.yaml: - api.cards.test',
      'shop/route.yaml: host: api.cards.test',
    ]);
  });

  it('changes patches of the resource with it', () => {
    const patch =
      '#- overlays/prod/patch.yaml\napiVersion: v1\nkind: Service\nmetadata:\n  name: catalog\nspec:\n  type: ClusterIP\n';
    const changes = renamed(routeTo('host: cata$0log') + patch, 'books');
    assert.ok(Array.isArray(changes) && changes.includes('overlays/prod/patch.yaml: name: books'));
  });

  it('writes names so that they stay text', () => {
    assert.deepEqual(renamed(routeTo('host: catalog\nsubset: sta$0ble'), '42'), [
      'shop/rule.yaml: - name: "42"',
      'shop/route.yaml: subset: "42"',
    ]);
  });

  it('selects the name alone', () => {
    assert.equal(prepared(routeTo('host: "cata$0log.shop.svc.cluster.local"')), 'catalog');
    assert.equal(prepared(routeTo('host: catalog\nsubset: sta$0ble')), 'stable');
    assert.equal(prepared(routeTo('ho$0st: catalog')), 'nothing');
  });

  it('is refused with a reason where not every place is known', () => {
    assert.match(prepared(routeTo('host: no$0body')), /^refused: Nothing in the workspace declares "nobody"/);
    assert.match(prepared(SHOP.replace('name: pay', 'name: p$0ay')), /^refused: The name of a namespace/);
    assert.match(
      prepared(SHOP.replace('labels:\n        app: catalog', 'labels:\n        app: cat$0alog')),
      /^refused: Labels/,
    );
    assert.match(prepared(SHOP.replace('port: 80', 'port: 8$00')), /^refused: Ports/);
    assert.match(
      prepared(SHOP.replace('name: catalog-v1', 'name: cat$0alog-v1')),
      /^refused: Not everything that names a Deployment/,
    );
    assert.match(prepared(routeTo('host: "*.shop.svc.cluster.lo$0cal"')), /^refused: .* is a pattern/);
    const kustomized = `#- kustomization.yaml\nnamePrefix: prod-\nresources: [s.yaml]\n#- s.yaml\napiVersion: v1\nkind: Service\nmetadata:\n  name: ca$0rt\n`;
    assert.match(prepared(kustomized), /^refused: A kustomization turns "cart" into "prod-cart"/);
    assert.match(prepared(SHOP.replace('name: stable', 'name: &s sta$0ble')), /^refused: The name has a YAML anchor/);
  });

  it('is refused for names that cannot be, or are taken', () => {
    const subset = routeTo('host: catalog\nsubset: sta$0ble');
    assert.match(String(renamed(subset, 'Stable')), /^The name of a subset has/);
    assert.match(String(renamed(subset, 'canary')), /has "canary" already/);
    const service = routeTo('host: cata$0log');
    for (const bad of ['', '9books', 'a.b', 'x'.repeat(64), 'a b', '-a']) {
      assert.match(String(renamed(service, bad)), /^The name of a Service/, bad);
    }
    const taken = `${service}---\napiVersion: v1\nkind: Service\nmetadata: {name: books, namespace: shop}\n`;
    assert.match(String(renamed(taken, 'books')), /^There is a Service shop\/books already/);
    assert.deepEqual(renamed(service, 'catalog'), []);
  });
});
