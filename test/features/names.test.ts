import assert from 'node:assert/strict';
import { complete } from '../../server/src/core/features/completion/complete.ts';
import { DEFAULT_SETTINGS } from '../../server/src/core/settings.ts';
import { routeTo, SHOP } from './shop.ts';
import { acceptName, nameCompletions, nameLabels, scene } from './workspaceText.ts';

function resource(kind: string, group: string, spec: string, namespace = 'shop'): string {
  return `${SHOP}#- new.yaml\napiVersion: ${group}\nkind: ${kind}\nmetadata:\n  name: p\n  namespace: ${namespace}\nspec:\n${spec}`;
}

const lastLine = (text: string) => text.trimEnd().split('\n').at(-1)?.trim();

describe('completion of names', () => {
  it('offers hosts, short in the own namespace and first', () => {
    assert.deepEqual(nameLabels(routeTo('host: $0')), ['catalog', 'ledger.pay.svc.cluster.local', 'api.cards.example']);
    assert.deepEqual(nameLabels(routeTo('host: $0', 'pay')), [
      'ledger',
      'api.cards.example',
      'catalog.shop.svc.cluster.local',
    ]);
  });

  it('keeps hosts to whom they are exported', () => {
    const exported = SHOP.replace('  hosts:\n    - api.cards', '  exportTo: ["."]\n  hosts:\n    - api.cards');
    assert.notEqual(exported, SHOP);
    const text = routeTo('host: $0').replace(SHOP, exported);
    assert.deepEqual(nameLabels(text), ['catalog', 'ledger.pay.svc.cluster.local']);
  });

  it('offers subsets and ports of the host', () => {
    assert.deepEqual(nameLabels(routeTo('host: catalog\nsubset: $0')), ['canary', 'stable']);
    assert.deepEqual(nameLabels(routeTo('subset: c$0\nhost: catalog')), ['canary', 'stable']);
    assert.deepEqual(nameLabels(routeTo('host: catalog\nport:\n  number: $0')), ['80']);
    assert.match(acceptName(routeTo('host: catalog\nport:\n  number: $0'), '80'), /number: 80\n$/);
  });

  it('offers items of lists, with what the list lacks of syntax', () => {
    const list = (hosts: string) => resource('VirtualService', 'networking.istio.io/v1', hosts);
    assert.match(acceptName(list('  hosts:\n    - $0\n'), 'catalog'), / {2}hosts:\n {4}- catalog\n/);
    assert.match(acceptName(list('  hosts: [$0]\n'), 'catalog'), /hosts: \[catalog\]/);
    assert.ok(!nameLabels(list('  hosts:\n    - catalog\n    - c$0\n')).includes('catalog'));
  });

  it('offers gateways and the mesh', () => {
    const text = routeTo('host: catalog').replace('  http:', '  gateways: [$0]\n  http:');
    assert.deepEqual(nameLabels(text), ['mesh', 'pay/front']);
  });

  it('offers identities', () => {
    const source = '  rules:\n    - from:\n        - source:\n            principals: [$0]\n';
    const labels = nameLabels(resource('AuthorizationPolicy', 'security.istio.io/v1', source));
    assert.equal(labels[0], 'cluster.local/ns/shop/sa/catalog');
    assert.ok(labels.includes('cluster.local/ns/edge/sa/edge'), 'the account that a gateway gets');
    const linkerd = resource('MeshTLSAuthentication', 'policy.linkerd.io/v1alpha1', '  identities:\n    - $0\n');
    assert.ok(nameLabels(linkerd).includes('catalog.shop.serviceaccount.identity.linkerd.cluster.local'));
  });

  it('adds the namespace that a name from elsewhere needs', () => {
    const parent = resource('HTTPRoute', 'gateway.networking.k8s.io/v1', '  parentRefs:\n    - name: $0\n');
    assert.deepEqual(nameLabels(parent), ['waypoint', 'edge (edge)']);
    assert.match(acceptName(parent, 'edge (edge)'), /- name: edge\n {6}namespace: edge\n$/);
    const given = resource(
      'HTTPRoute',
      'gateway.networking.k8s.io/v1',
      '  parentRefs:\n    - namespace: edge\n      name: $0\n',
    );
    assert.deepEqual(nameLabels(given), ['edge']);
    const flow = resource('HTTPRoute', 'gateway.networking.k8s.io/v1', '  parentRefs: [{name: $0}]\n');
    assert.match(acceptName(flow, 'edge (edge)'), /\[\{name: edge, namespace: edge\}\]/);
  });

  it('offers waypoints, and what else the label takes', () => {
    const text = `${SHOP}#- ns.yaml\napiVersion: v1\nkind: Namespace\nmetadata:\n  name: shop\n  labels:\n    istio.io/use-waypoint: $0\n`;
    assert.deepEqual(nameLabels(text), ['waypoint']);
    assert.equal(lastLine(acceptName(text, 'waypoint')), 'istio.io/use-waypoint: waypoint');
    const { snapshot, file, offset } = scene(text);
    const all = complete(snapshot, file, offset, DEFAULT_SETTINGS).sort((a, b) => (a.sortText < b.sortText ? -1 : 1));
    assert.equal(all[0]?.label, 'waypoint');
    assert.ok(all.some(({ label }) => label === 'none'));
  });

  it('offers labels of workloads in selectors, keys and values', () => {
    const selector = (lines: string) =>
      resource('PeerAuthentication', 'security.istio.io/v1', `  selector:\n    matchLabels:\n${lines}`);
    assert.deepEqual(nameLabels(selector('      app: $0\n')), ['catalog']);
    assert.deepEqual(nameLabels(selector('      version: $0\n')), ['v1']);
    const { snapshot, file, offset } = scene(selector('      app: catalog\n      $0\n'));
    const keys = complete(snapshot, file, offset, DEFAULT_SETTINGS).map(({ label }) => label);
    assert.deepEqual(keys, ['version']);
  });

  it('offers listeners, classes and targets of the kind that is named', () => {
    const section = '  parentRefs:\n    - name: edge\n      namespace: edge\n      sectionName: $0\n';
    assert.deepEqual(nameLabels(resource('HTTPRoute', 'gateway.networking.k8s.io/v1', section)), ['web']);
    const target = (kind: string) =>
      resource(
        'AuthorizationPolicy',
        'security.istio.io/v1',
        `  targetRefs:\n    - kind: ${kind}\n      group: ""\n      name: $0\n`,
      );
    assert.deepEqual(nameLabels(target('Service'))[0], 'catalog');
    assert.deepEqual(nameLabels(target('Thing')), []);
  });

  it('offers namespaces where one is named', () => {
    const exportTo = resource('VirtualService', 'networking.istio.io/v1', '  exportTo: [$0]\n');
    assert.deepEqual(nameLabels(exportTo).slice(0, 3), ['*', '.', 'shop']);
    assert.match(acceptName(exportTo, '*'), /exportTo: \["\*"\]/);
  });

  it('works before the resource has a name, in quotes and in JSON', () => {
    const nameless = `${SHOP}#- new.yaml\napiVersion: networking.istio.io/v1\nkind: DestinationRule\nmetadata:\n  namespace: shop\nspec:\n  host: $0\n`;
    assert.equal(nameLabels(nameless)[0], 'catalog');
    assert.match(acceptName(routeTo('host: "$0"'), 'catalog'), /host: "catalog"\n$/);
    const json = `${SHOP}#- a.json\n{"apiVersion": "networking.istio.io/v1", "kind": "DestinationRule", "metadata": {"name": "x", "namespace": "shop"}, "spec": {"host": "$0"}}\n`;
    assert.match(acceptName(json, 'catalog'), /"host": "catalog"/);
  });

  it('offers each name once, and none where nothing is named', () => {
    const twice = routeTo('host: $0').replace(
      '#- shop/rule.yaml',
      '#- again.yaml\napiVersion: v1\nkind: Service\nmetadata: {name: catalog, namespace: shop}\n#- shop/rule.yaml',
    );
    assert.equal(nameLabels(twice).filter((label) => label === 'catalog').length, 1);
    assert.deepEqual(
      nameCompletions(resource('PeerAuthentication', 'security.istio.io/v1', '  mtls:\n    mode: $0\n')),
      [],
    );
  });

  it('looks through names that are too many for what is typed', () => {
    const many = Array.from(
      { length: 700 },
      (_, at) => `---\napiVersion: v1\nkind: Service\nmetadata: {name: s${at}, namespace: shop}\n`,
    );
    const text = (typed: string) => `${routeTo(`host: ${typed}$0`)}#- many.yaml\n${many.join('')}`;
    assert.equal(nameLabels(text('')).length, 500);
    assert.deepEqual(nameLabels(text('s69')), ['s69', ...Array.from({ length: 10 }, (_, at) => `s69${at}`)]);
  });
});
