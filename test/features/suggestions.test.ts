import assert from 'node:assert/strict';
import { accept, docOf, hover, labels } from './cursorText.ts';

// Values that are often meant where others are possible too: offered, explained, and never demanded.

function resource(apiVersion: string, kind: string, spec: string): string {
  return `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata:\n  name: shop\n  namespace: shop\nspec:\n${spec}`;
}

const gateway = (spec: string) => resource('gateway.networking.k8s.io/v1', 'Gateway', spec);
const httpRoute = (spec: string) => resource('gateway.networking.k8s.io/v1', 'HTTPRoute', spec);
const policy = (spec: string) => resource('security.istio.io/v1', 'AuthorizationPolicy', spec);
const virtualService = (spec: string) => resource('networking.istio.io/v1', 'VirtualService', spec);

interface Offer {
  readonly of: string;
  readonly text: string;
  readonly has: readonly string[];
}

const OFFERS: readonly Offer[] = [
  { of: 'classes of Gateways', text: gateway('  gatewayClassName: $0'), has: ['istio', 'istio-waypoint', 'cilium'] },
  {
    of: 'protocols of listeners',
    text: gateway('  listeners:\n    - name: mesh\n      protocol: $0'),
    has: ['HTTP', 'HTTPS', 'HBONE'],
  },
  { of: 'kinds of parents', text: httpRoute('  parentRefs:\n    - kind: $0'), has: ['Gateway', 'Service'] },
  {
    of: 'groups of parents',
    text: httpRoute('  parentRefs:\n    - group: $0'),
    has: ['gateway.networking.k8s.io', '""'],
  },
  {
    of: 'kinds of backends',
    text: httpRoute('  rules:\n    - backendRefs:\n        - kind: $0'),
    has: ['Service', 'Hostname', 'InferencePool'],
  },
  {
    of: 'groups of backends',
    text: httpRoute('  rules:\n    - backendRefs:\n        - group: $0'),
    has: ['""', 'networking.istio.io'],
  },
  {
    of: 'statuses of redirects',
    text: httpRoute(
      '  rules:\n    - filters:\n        - type: RequestRedirect\n          requestRedirect:\n            statusCode: $0',
    ),
    has: ['301', '302', '308'],
  },
  {
    of: 'attributes of conditions',
    text: policy('  rules:\n    - when:\n        - key: $0'),
    has: ['source.ip', 'request.headers[x-team]', 'request.auth.claims[groups]'],
  },
  {
    of: 'methods of operations',
    text: policy('  rules:\n    - to:\n        - operation:\n            methods:\n              - $0'),
    has: ['GET', 'POST'],
  },
  {
    of: 'kinds of targets',
    text: policy('  targetRefs:\n    - kind: $0'),
    has: ['Gateway', 'Service', 'ServiceEntry'],
  },
  {
    of: 'groups of targets',
    text: policy('  targetRefs:\n    - group: $0'),
    has: ['gateway.networking.k8s.io', '""', 'networking.istio.io'],
  },
  { of: 'namespaces to export to', text: virtualService('  exportTo:\n    - $0'), has: ['.', '*'] },
  { of: 'gateways', text: virtualService('  gateways:\n    - $0'), has: ['mesh'] },
  {
    of: 'conditions of retries',
    text: virtualService('  http:\n    - retries:\n        retryOn: $0'),
    has: ['5xx', 'connect-failure', 'unavailable'],
  },
  {
    of: 'protocols of ports',
    text: resource('networking.istio.io/v1', 'ServiceEntry', '  ports:\n    - number: 443\n      protocol: $0'),
    has: ['HTTP', 'TLS', 'MONGO'],
  },
  {
    of: 'hosts of a Sidecar',
    text: resource('networking.istio.io/v1', 'Sidecar', '  egress:\n    - hosts:\n        - $0'),
    has: ['./*', '*/*', '~/*'],
  },
  {
    of: 'profiles of an installation',
    text: resource('install.istio.io/v1alpha1', 'IstioOperator', '  profile: $0'),
    has: ['ambient', 'minimal'],
  },
];

/** What hovering over a value tells after it has been accepted where the cursor is. */
function explanation(text: string, value: string): string {
  const accepted = accept(text, value);
  const inside = text.indexOf('$0') + (value.length > 1 ? 1 : 0);
  return hover(`${accepted.slice(0, inside)}$0${accepted.slice(inside)}`)?.markdown ?? '';
}

describe('suggested values', () => {
  for (const { of, text, has } of OFFERS) {
    it(`of ${of} are offered, and explained where they stand then`, () => {
      const offered = labels(text);
      for (const value of has) {
        assert.ok(offered.includes(value), `${value} is not among ${offered.join(', ')}`);
        assert.ok(explanation(text, value).includes('**'), `${value} is not explained`);
      }
    });
  }

  it('offer `~` in `exportTo` only where nobody is allowed', () => {
    const spec = '  exportTo:\n    - $0';
    assert.ok(labels(resource('networking.istio.io/v1', 'ServiceEntry', spec)).includes('~'));
    assert.ok(!labels(virtualService(spec)).includes('~'));
  });

  it('are quoted where plain text would mean something else in YAML', () => {
    assert.equal(accept(virtualService('  exportTo:\n    - $0'), '*'), virtualService('  exportTo:\n    - "*"'));
    assert.equal(
      accept(httpRoute('  parentRefs:\n    - group: $0'), '""'),
      httpRoute('  parentRefs:\n    - group: ""'),
    );
  });

  it('are explained in the list, and by what stands there', () => {
    assert.match(docOf(gateway('  gatewayClassName: $0'), 'istio-east-west') ?? '', /other clusters/);
    const waypoint = hover(gateway('  gatewayClassName: istio-way$0point'));
    assert.equal(waypoint?.hovered, 'istio-waypoint');
    assert.match(waypoint?.markdown ?? '', /15008/);
    assert.match(hover(httpRoute('  parentRefs:\n    - kind: Ser$0vice'))?.markdown ?? '', /mesh route/);
  });
});
