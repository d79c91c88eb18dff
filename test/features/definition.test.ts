import assert from 'node:assert/strict';
import { ROWS } from '../../server/src/core/model/references/names.ts';
import { kindOf } from '../../server/src/core/schema/catalog.ts';
import { placeAt } from '../../server/src/core/schema/describe.ts';
import { rootShape } from '../../server/src/core/schema/validateResource.ts';
import { routeTo, SHOP } from './shop.ts';
import { definition, hoverText } from './workspaceText.ts';

function policy(kind: string, group: string, spec: string, namespace = 'shop'): string {
  return `${SHOP}#- policy.yaml\napiVersion: ${group}\nkind: ${kind}\nmetadata:\n  name: p\n  namespace: ${namespace}\nspec:\n${spec}`;
}

const authorization = (source: string) =>
  policy(
    'AuthorizationPolicy',
    'security.istio.io/v1',
    `  rules:\n    - from:\n        - source:\n            ${source}\n`,
  );
const httpRoute = (spec: string) => policy('HTTPRoute', 'gateway.networking.k8s.io/v1', spec);

describe('the table of names', () => {
  it('has only fields that the kinds have', () => {
    const wrong: string[] = [];
    for (const [kind, rows] of ROWS) {
      const [group = '', name = ''] = kind.split('/');
      const definition = kindOf(group, name);
      assert.ok(definition, kind);
      if (definition.project === 'kubernetes') continue;
      for (const { source, pattern } of rows) {
        const path = pattern.map((step) => (step === '[]' ? 0 : step));
        const known = Object.keys(definition.versions).some((version) => placeAt(rootShape(definition, version), path));
        if (!known) wrong.push(`${kind}: ${source}`);
      }
    }
    assert.deepEqual(wrong, []);
  });
});

describe('go to definition', () => {
  it('finds the Service of a host in every length', () => {
    for (const host of ['cata$0log', 'cata$0log.shop', 'catalog.shop.s$0vc', 'catalog.shop.svc.cluster.loc$0al']) {
      assert.deepEqual(definition(routeTo(`host: ${host}`)), ['shop/catalog.yaml: name: [catalog]'], host);
    }
    assert.deepEqual(definition(routeTo('host: led$0ger')), [], 'a short name is one of the own namespace');
    assert.deepEqual(definition(routeTo('host: led$0ger', 'pay')), ['pay/ledger.yaml: name: [ledger]']);
    assert.deepEqual(definition(routeTo('host: "api.cards$0.example"')), ['pay/ledger.yaml: - [api.cards.example]']);
  });

  it('finds what a wildcard covers', () => {
    assert.deepEqual(definition(routeTo('host: "*.shop.svc.cluster$0.local"')), ['shop/catalog.yaml: name: [catalog]']);
    assert.deepEqual(definition(routeTo('host: "*.cards.exa$0mple"')), ['pay/ledger.yaml: - [api.cards.example]']);
  });

  it('takes a wildcard of a ServiceEntry only where nothing has the host itself', () => {
    const wide = `#- wide.yaml\napiVersion: networking.istio.io/v1\nkind: ServiceEntry\nmetadata: {name: w, namespace: pay}\nspec:\n  hosts: ["*.local", "*.cards.example"]\n`;
    const found = (host: string) => definition(routeTo(`host: ${host}`) + wide);
    assert.deepEqual(found('catalog.shop.svc.cluster.lo$0cal'), ['shop/catalog.yaml: name: [catalog]']);
    assert.deepEqual(found('api.cards$0.example'), ['pay/ledger.yaml: - [api.cards.example]']);
    assert.deepEqual(found('web.cards$0.example'), ['wide.yaml: hosts: ["*.local", "[*.cards.example]"]']);
  });

  it('finds subsets and ports of the host beside them', () => {
    assert.deepEqual(definition(routeTo('host: catalog\nsubset: can$0ary')), ['shop/rule.yaml: - name: [canary]']);
    assert.deepEqual(definition(routeTo('host: catalog.shop\nsubset: can$0ary')), ['shop/rule.yaml: - name: [canary]']);
    assert.deepEqual(definition(routeTo('host: ledger.pay\nsubset: can$0ary')), []);
    assert.deepEqual(definition(routeTo('host: catalog\nport:\n  number: 8$00')), ['shop/catalog.yaml: port: [80]']);
    assert.deepEqual(definition(routeTo('host: api.cards.example\nport:\n  number: 44$03')), [
      'pay/ledger.yaml: - number: [443]',
    ]);
  });

  it('finds gateways by namespace and name', () => {
    const gateways = (name: string) => routeTo('host: catalog').replace('  http:', `  gateways: [${name}]\n  http:`);
    assert.deepEqual(definition(gateways('pay/fro$0nt')), ['pay/ledger.yaml: name: [front]']);
    assert.deepEqual(definition(gateways('fro$0nt')), []);
    assert.deepEqual(definition(gateways('me$0sh')), []);
  });

  it('finds ServiceAccounts in every form of identity', () => {
    const account = ['shop/catalog.yaml: name: [catalog]'];
    assert.deepEqual(definition(authorization('principals: [cluster.local/ns/shop/sa/cat$0alog]')), account);
    assert.deepEqual(definition(authorization('serviceAccounts: [shop/cat$0alog]')), account);
    assert.deepEqual(definition(authorization('serviceAccounts: [cat$0alog]')), account);
    const linkerd = (id: string) =>
      policy('MeshTLSAuthentication', 'policy.linkerd.io/v1alpha1', `  identities: ["${id}"]\n`);
    assert.deepEqual(definition(linkerd('catalog.shop.serviceaccount.identity$0.linkerd.cluster.local')), account);
    assert.deepEqual(definition(authorization('principals: ["*/ns/shop/sa/cat$0alog"]')), account);
    assert.deepEqual(definition(authorization('principals: ["*/sa/cat$0alog"]')), []);
  });

  it('finds the pods that a selector selects', () => {
    const selector = '  selector:\n    matchLabels:\n      app: cat$0alog\n';
    assert.deepEqual(definition(policy('PeerAuthentication', 'security.istio.io/v1', selector)), [
      'shop/catalog.yaml: app: [catalog]',
    ]);
    assert.deepEqual(definition(policy('PeerAuthentication', 'security.istio.io/v1', selector, 'pay')), []);
    assert.deepEqual(
      definition(policy('PeerAuthentication', 'security.istio.io/v1', selector, 'istio-system')),
      ['shop/catalog.yaml: app: [catalog]'],
      'the root namespace selects everywhere',
    );
    const subset = routeTo('host: catalog').replace(
      'version: v1\n    - name: canary',
      'version: v$01\n    - name: canary',
    );
    assert.deepEqual(definition(subset), ['shop/catalog.yaml: version: [v1]']);
  });

  it('follows references with their group, kind, namespace and section', () => {
    const parent = '  parentRefs:\n    - name: edge\n      namespace: edge\n      sectionName: web\n';
    assert.deepEqual(definition(httpRoute(parent.replace('name: edge', 'name: ed$0ge'))), [
      'edge/gateway.yaml: name: [edge]',
    ]);
    assert.deepEqual(definition(httpRoute(parent.replace('web', 'we$0b'))), ['edge/gateway.yaml: - name: [web]']);
    assert.deepEqual(definition(httpRoute('  parentRefs:\n    - name: ed$0ge\n')), []);
    const backend = '  rules:\n    - backendRefs:\n        - name: catalog\n          port: 80\n';
    assert.deepEqual(definition(httpRoute(backend.replace('catalog', 'cat$0alog'))), [
      'shop/catalog.yaml: name: [catalog]',
    ]);
    assert.deepEqual(definition(httpRoute(backend.replace('80', '8$00'))), ['shop/catalog.yaml: port: [80]']);
    const external =
      '  rules:\n    - backendRefs:\n        - group: networking.istio.io\n          kind: Hostname\n          name: api.cards$0.example\n';
    assert.deepEqual(definition(httpRoute(external)), ['pay/ledger.yaml: - [api.cards.example]']);
    const parentPort = parent.replace('sectionName: web', 'port: 8$00');
    assert.deepEqual(definition(httpRoute(parentPort)), ['edge/gateway.yaml: port: [80]']);
    const target = '  targetRefs:\n    - kind: Service\n      group: ""\n      name: cat$0alog\n';
    assert.deepEqual(definition(policy('AuthorizationPolicy', 'security.istio.io/v1', target)), [
      'shop/catalog.yaml: name: [catalog]',
    ]);
  });

  it('finds waypoints, with their namespace beside them', () => {
    const labels = (lines: string) =>
      `${SHOP}#- ns.yaml\napiVersion: v1\nkind: Namespace\nmetadata:\n  name: shop\n  labels:\n${lines}`;
    const found = ['edge/gateway.yaml: name: [waypoint]'];
    assert.deepEqual(definition(labels('    istio.io/use-waypoint: way$0point\n')), found);
    const elsewhere = '    istio.io/use-waypoint: way$0point\n    istio.io/use-waypoint-namespace: pay\n';
    assert.deepEqual(definition(labels(elsewhere)), []);
  });

  it('follows the chain of Linkerd', () => {
    const linkerd = (kind: string, name: string, spec: string) =>
      `---\napiVersion: policy.linkerd.io/v1beta1\nkind: ${kind}\nmetadata:\n  name: ${name}\n  namespace: shop\nspec:\n${spec}`;
    const scene = (server: string, auth: string) =>
      `${SHOP}#- linkerd.yaml\n${linkerd('Server', 'web', '  podSelector:\n    matchLabels:\n      app: catalog\n  port: web\n')}${linkerd('MeshTLSAuthentication', 'friends', '  identities: ["*"]\n')}${linkerd(
        'AuthorizationPolicy',
        'p',
        `  targetRef:\n    group: policy.linkerd.io\n    kind: Server\n    name: ${server}\n  requiredAuthenticationRefs:\n    - group: policy.linkerd.io\n      kind: MeshTLSAuthentication\n      name: ${auth}\n`,
      )}`;
    assert.deepEqual(definition(scene('we$0b', 'friends')), ['linkerd.yaml: name: [web]']);
    assert.deepEqual(definition(scene('web', 'frie$0nds')), ['linkerd.yaml: name: [friends]']);
    assert.deepEqual(definition(scene('web', 'friends').replace('port: web', 'port: w$0eb')), [
      'shop/catalog.yaml: - name: [web]',
    ]);
  });

  it('finds providers in the mesh config', () => {
    const provider = '  action: CUSTOM\n  provider:\n    name: my-a$0uth\n';
    const config =
      '#- mesh.yaml\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: istio\n  namespace: istio-system\ndata:\n  mesh: |\n    extensionProviders:\n      - name: my-auth\n        envoyExtAuthzGrpc: {service: a.b.svc.cluster.local, port: 9000}\n';
    assert.deepEqual(definition(policy('AuthorizationPolicy', 'security.istio.io/v1', provider) + config), [
      'mesh.yaml: [mesh]: |',
    ]);
  });

  it('says nothing of keys, templates and what nobody declares', () => {
    assert.deepEqual(definition(routeTo('ho$0st: catalog')), []);
    assert.deepEqual(definition(routeTo('host: {{ .Values$0.host }}')), []);
    assert.deepEqual(definition(routeTo('host: no$0body')), []);
  });

  it('works with aliases, JSON and names that are not plain', () => {
    assert.deepEqual(definition(routeTo("host: 'cata$0log'")), ['shop/catalog.yaml: name: [catalog]']);
    const json = `${SHOP}#- a.json\n{"apiVersion": "networking.istio.io/v1", "kind": "DestinationRule", "metadata": {"name": "x", "namespace": "shop"}, "spec": {"host": "cata$0log"}}\n`;
    assert.deepEqual(definition(json), ['shop/catalog.yaml: name: [catalog]']);
  });
});

describe('hover on a name', () => {
  it('says what it resolves to, before what the field means', () => {
    const text = hoverText(routeTo('host: cata$0log')) ?? '';
    assert.match(text, /^- → `Service` `shop\/catalog` in `shop\/catalog\.yaml`\n\n---\n\n\*\*host\*\*/);
    assert.match(
      hoverText(routeTo('host: catalog\nsubset: can$0ary')) ?? '',
      /^- → subset `canary` of `DestinationRule` `shop\/catalog`/,
    );
  });

  it('only describes the field when nothing is found', () => {
    assert.match(hoverText(routeTo('host: no$0body')) ?? '', /^\*\*host\*\*/);
  });

  it('lets no name end its code', () => {
    const text = hoverText(
      `${SHOP}#- a\`b.yaml\napiVersion: v1\nkind: Service\nmetadata: {name: x, namespace: shop}\n#- r.yaml\napiVersion: networking.istio.io/v1\nkind: DestinationRule\nmetadata: {name: x, namespace: shop}\nspec: {host: $0x}\n`,
    );
    assert.match(text ?? '', /in `a b\.yaml`/);
  });
});
