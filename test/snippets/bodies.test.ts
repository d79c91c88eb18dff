import assert from 'node:assert/strict';
import { check } from '../../server/src/api.ts';
import { PATTERNS, type Pattern } from '../../server/src/core/features/completion/patterns.ts';
import { KINDS } from '../../server/src/core/schema/catalog.ts';
import { accept } from '../features/cursorText.ts';
import { expansions, stopsOf } from './expand.ts';

// Every snippet, with every choice, is YAML that has nothing to find in it.

const HOSTS: Readonly<Record<string, string>> = {
  'security.istio.io/AuthorizationPolicy spec.rules': resource('security.istio.io/v1', 'AuthorizationPolicy', [
    'spec:',
    '  action: ALLOW',
    '  rules:',
    '    $0',
  ]),
  'networking.istio.io/VirtualService spec.http': virtualService(['  http:', '    $0']),
  'networking.istio.io/VirtualService spec.http.*': virtualService([
    '  http:',
    '    - route:',
    '        - destination:',
    '            host: catalog',
    '      $0',
  ]),
  'networking.istio.io/DestinationRule spec.trafficPolicy': resource('networking.istio.io/v1', 'DestinationRule', [
    'spec:',
    '  host: catalog',
    '  trafficPolicy:',
    '    $0',
  ]),
  'gateway.networking.k8s.io/HTTPRoute spec.parentRefs': route('HTTPRoute', ['  parentRefs:', '    $0']),
  'gateway.networking.k8s.io/GRPCRoute spec.parentRefs': route('GRPCRoute', ['  parentRefs:', '    $0']),
  'gateway.networking.k8s.io/HTTPRoute spec.rules.*': route('HTTPRoute', [
    '  parentRefs:',
    '    - name: public',
    '  rules:',
    '    - matches:',
    '        - path:',
    '            value: /',
    '      $0',
  ]),
  'gateway.networking.k8s.io/GRPCRoute spec.rules.*': route('GRPCRoute', [
    '  parentRefs:',
    '    - name: public',
    '  rules:',
    '    - matches:',
    '        - method:',
    '            service: shop.v1.Catalog',
    '      $0',
  ]),
  'gateway.networking.k8s.io/HTTPRoute spec.rules.*.matches': route('HTTPRoute', [
    '  parentRefs:',
    '    - name: public',
    '  rules:',
    '    - backendRefs:',
    '        - name: catalog',
    '          port: 80',
    '      matches:',
    '        $0',
  ]),
  'policy.linkerd.io/HTTPRoute spec.parentRefs': resource('policy.linkerd.io/v1beta3', 'HTTPRoute', [
    'spec:',
    '  parentRefs:',
    '    $0',
  ]),
  'policy.linkerd.io/MeshTLSAuthentication spec.identityRefs': resource(
    'policy.linkerd.io/v1alpha1',
    'MeshTLSAuthentication',
    ['spec:', '  identityRefs:', '    $0'],
  ),
  'policy.linkerd.io/NetworkAuthentication spec.networks': resource(
    'policy.linkerd.io/v1alpha1',
    'NetworkAuthentication',
    ['spec:', '  networks:', '    $0'],
  ),
  '/Service metadata.annotations': resource('v1', 'Service', [
    '  annotations:',
    '    $0',
    'spec:',
    '  ports:',
    '    - name: http',
    '      port: 80',
  ]),
  'gateway.networking.k8s.io/HTTPRoute metadata.annotations': resource('gateway.networking.k8s.io/v1', 'HTTPRoute', [
    '  annotations:',
    '    $0',
    'spec:',
    '  parentRefs:',
    '    - group: core',
    '      kind: Service',
    '      name: catalog',
    '      port: 80',
  ]),
  '/Namespace metadata.labels': 'apiVersion: v1\nkind: Namespace\nmetadata:\n  name: shop\n  labels:\n    $0\n',
  '/Service metadata.labels': resource('v1', 'Service', [
    '  labels:',
    '    $0',
    'spec:',
    '  ports:',
    '    - name: http',
    '      port: 80',
  ]),
};

function resource(apiVersion: string, kind: string, lines: readonly string[]): string {
  return [`apiVersion: ${apiVersion}`, `kind: ${kind}`, 'metadata:', '  name: catalog', '  namespace: shop', ...lines]
    .join('\n')
    .concat('\n');
}

function virtualService(lines: readonly string[]): string {
  return resource('networking.istio.io/v1', 'VirtualService', ['spec:', '  hosts: ["catalog"]', ...lines]);
}

function route(kind: string, lines: readonly string[]): string {
  return resource('gateway.networking.k8s.io/v1', kind, ['spec:', ...lines]);
}

/** What a fragment names has to be somewhere; a whole resource must do without. */
const NEIGHBOR = {
  path: 'waypoint.yaml',
  text: resource('gateway.networking.k8s.io/v1', 'Gateway', [
    'spec:',
    '  gatewayClassName: istio-waypoint',
    '  listeners:',
    '    - name: mesh',
    '      port: 15008',
    '      protocol: HBONE',
  ]).replace('name: catalog', 'name: my-waypoint'),
};

async function findings(text: string, isFragment: boolean): Promise<string[]> {
  const { diagnostics } = await check({ files: [{ path: 'shop.yaml', text }, ...(isFragment ? [NEIGHBOR] : [])] });
  return diagnostics.map(({ code, severity, range, message }) => {
    const line = text.split('\n')[range.start.line] ?? '';
    return `${severity} ${code} at "${line.trim()}": ${message}`;
  });
}

/** What a pattern becomes, alone or in each of its places. */
function texts(pattern: Pattern): string[] {
  if (!pattern.under) return expansions(pattern.body.join('\n'));
  return pattern.under.flatMap((place) => {
    const host = HOSTS[place];
    assert.ok(host, `${place} has a resource to try it in`);
    return expansions(accept(host, pattern.typed));
  });
}

describe('snippets', () => {
  for (const pattern of PATTERNS) {
    it(`${pattern.typed}: nothing is found in it, whatever is chosen`, async () => {
      const all = texts(pattern);
      assert.ok(all.length > 0);
      for (const text of all) assert.deepEqual(await findings(text, pattern.under !== undefined), [], text);
    });
  }

  it('are at least sixty, each with a prefix and a name of its own, and a description that says what mesh', () => {
    assert.ok(PATTERNS.length >= 60);
    assert.deepEqual(
      PATTERNS.map(({ typed }) => typed),
      [...new Set(PATTERNS.map(({ typed }) => typed))],
    );
    for (const { name, typed, description } of PATTERNS) {
      assert.match(name, /^(?:Istio|Linkerd|Gateway API|Kubernetes): /);
      assert.match(typed, /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/);
      assert.match(description, /Istio|istioctl|Linkerd|Gateway API/);
    }
  });

  it('begin every kind of a mesh that is neither experimental nor superseded', () => {
    const superseded = new Set(['policy.linkerd.io/ServerAuthorization']);
    const begun = new Set(
      PATTERNS.flatMap(({ body }) =>
        [...body.join('\n').matchAll(/^apiVersion: (?:([\w.-]+)\/)?\w+\nkind: (\w+)$/gm)].map(
          ([, group = '', kind]) => `${group}/${kind}`,
        ),
      ),
    );
    const missing = KINDS.filter(
      ({ project, channel }) => project !== 'kubernetes' && project !== 'smi' && channel !== 'experimental',
    )
      .map(({ group, kind }) => `${group}/${kind}`)
      .filter((name) => !begun.has(name) && !superseded.has(name));
    assert.deepEqual(missing, []);
  });

  it('number their stops from one without a gap, and end where the user goes on', () => {
    for (const { typed, body } of PATTERNS) {
      const numbers = stopsOf(body.join('\n')).map(({ number }) => number);
      assert.deepEqual(
        numbers,
        numbers.map((_, at) => at),
        typed,
      );
      assert.match(body.at(-1) ?? '', /\$0$/, typed);
    }
  });
});
