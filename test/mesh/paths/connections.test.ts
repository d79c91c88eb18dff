import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { DEFAULT_SETTINGS } from '../../../server/src/core/settings.ts';
import { namespace, pod } from '../worldOf.ts';
import { type Asked, pathOf } from './pathOf.ts';

/** Routes of connections: `tls` and `tcp` of VirtualServices, TLSRoutes and TCPRoutes, in every proxy that reads them. */

type Mesh = 'sidecar' | 'waypoint' | 'linkerd';

const LABELS: Readonly<Record<Mesh, Readonly<Record<string, string>>>> = {
  sidecar: { 'istio-injection': 'enabled' },
  waypoint: { 'istio.io/dataplane-mode': 'ambient', 'istio.io/use-waypoint': 'wp' },
  linkerd: {},
};

/** A shop whose Service `db` speaks TCP on 9000, TLS on 443, HTTP on 80 and says nothing of 9999. */
function shop(mesh: Mesh): string[] {
  const facts = mesh === 'linkerd' ? { annotations: { 'linkerd.io/inject': 'enabled' } } : {};
  return [
    namespace('shop', LABELS[mesh]),
    pod('shop', 'web', facts),
    ...['db', 'v1', 'v2'].flatMap((name) => [pod('shop', name, facts), manyPorts(name)]),
    `
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: wp, namespace: shop}
spec: {gatewayClassName: istio-waypoint, listeners: [{name: mesh, port: 15008, protocol: HBONE}]}`,
  ];
}

function manyPorts(name: string, rest = ''): string {
  return `
apiVersion: v1
kind: Service
metadata: {name: ${name}, namespace: shop}
spec:
  ${rest}
  selector: {app: ${name}}
  ports:
    - {name: tcp-db, port: 9000}
    - {name: tls-db, port: 443}
    - {name: http-db, port: 80}
    - {name: unnamed, port: 9999}`;
}

function virtualService(section: string, rules: string, rest = '', name = 'db'): string {
  return `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: ${name}, namespace: shop}
spec:
  hosts: [db.shop.svc.cluster.local]
  ${rest}
  ${section}: ${rules}`;
}

function route(kind: 'TCPRoute' | 'TLSRoute' | 'HTTPRoute', name: string, backends: string, rest = ''): string {
  return `
apiVersion: gateway.networking.k8s.io/v1alpha2
kind: ${kind}
metadata: {name: ${name}, namespace: shop}
spec:
  parentRefs: [{group: "", kind: Service, name: db}]
  ${rest}
  rules: [{backendRefs: [${backends}]}]`;
}

interface Question extends Asked {
  readonly port?: number;
  readonly host?: string;
}

/** Where a connection to `db` arrives, or what refuses it, and the number of things that are taken for granted. */
function result(documents: readonly string[], { port = 9000, host, ...asked }: Question = {}): string {
  const http = host === undefined ? {} : { http: { method: 'GET', path: '/', host } };
  const { outcome, nodes } = pathOf(documents, { from: 'shop/web', to: { service: 'shop/db', port }, ...http }, asked);
  if (outcome.result === 'allow') return nodes.at(-1)?.id ?? '';
  return [outcome.result, outcome.by, outcome.at, outcome.signal].filter(Boolean).join(' ');
}

const ALPHA: Asked = {
  settings: { istiod: { ...DEFAULT_SETTINGS.istiod, enableAlphaGatewayApi: true } },
};
const to = (host: string) => `route: [{destination: {host: ${host}}}]`;
const ISTIO = ['sidecar', 'waypoint'] as const;

describe('`tcp` routes of VirtualServices', () => {
  it('send connections where they say, by weight, in sidecars and at waypoints', () => {
    const split =
      '[{route: [{destination: {host: v1}, weight: 20}, {destination: {host: v2, port: {number: 9000}}, weight: 80}]}]';
    for (const mesh of ISTIO) assert.equal(result([...shop(mesh), virtualService('tcp', split)]), 'app:shop/v2', mesh);
  });

  it('are tried in order, and what none takes goes where it is addressed', () => {
    for (const [match, expected] of [
      ['{port: 9000}', 'v1'],
      ['{port: 9001}', 'db'],
      ['{sourceLabels: {app: web}}', 'v1'],
      ['{sourceLabels: {app: other}}', 'db'],
      ['{sourceNamespace: shop}', 'v1'],
      ['{gateways: [edge]}', 'db'],
      ['{port: 9001}, {port: 9000}', 'v1'],
    ] as const) {
      const rules = `[{match: [${match}], ${to('v1')}}]`;
      assert.equal(result([...shop('sidecar'), virtualService('tcp', rules)]), `app:shop/${expected}`, match);
    }
    const both = `[{match: [{port: 9000}], ${to('v2')}}, {${to('v1')}}]`;
    assert.equal(result([...shop('sidecar'), virtualService('tcp', both)]), 'app:shop/v2');
  });

  it('lose the labels of their clients at waypoints', () => {
    const rules = `[{match: [{sourceLabels: {app: other}}], ${to('v1')}}]`;
    assert.equal(result([...shop('waypoint'), virtualService('tcp', rules)]), 'app:shop/v1');
  });

  it('by addresses decide only where files say the address', () => {
    const rules = (subnet: string) =>
      virtualService('tcp', `[{match: [{destinationSubnets: ["${subnet}"]}], ${to('v1')}}]`);
    const addressed = [
      ...shop('sidecar').filter((text) => !text.includes('name: db,')),
      manyPorts('db', 'clusterIP: 10.0.0.7'),
    ];
    assert.equal(result([...shop('sidecar'), rules('10.0.0.0/8')]), 'unknown VirtualService/shop/db sc:shop/web');
    assert.equal(result([...shop('sidecar'), rules('0.0.0.0/0')]), 'app:shop/v1');
    assert.equal(result([...addressed, rules('10.0.0.0/8')]), 'app:shop/v1');
    assert.equal(result([...addressed, rules('11.0.0.0/8')]), 'app:shop/db');
    assert.equal(result([...addressed, rules('nonsense')]), 'unknown VirtualService/shop/db sc:shop/web');
  });

  it('of all VirtualServices that cover the host are joined', () => {
    const first = virtualService('tcp', `[{match: [{port: 9001}], ${to('v1')}}]`, '', 'a');
    const second = virtualService('tcp', `[{${to('v2')}}]`, '', 'b')
      .replace('db.shop.svc', '"*.shop.svc')
      .replace('.local]', '.local"]');
    const { outcome, nodes, assume } = pathOf([...shop('sidecar'), first, second], {
      from: 'shop/web',
      to: { service: 'shop/db', port: 9000 },
    });
    assert.equal(outcome.result, 'allow');
    assert.equal(nodes.at(-1)?.id, 'app:shop/v2');
    assert.match(assume.join('\n'), /the oldest counts/);
  });

  it('are not asked about ports for HTTP or TLS, and about ports without a protocol only for what is no HTTP', () => {
    const rules = virtualService('tcp', `[{${to('v1')}}]`);
    assert.equal(result([...shop('sidecar'), rules], { port: 80, host: 'db' }), 'app:shop/db');
    assert.equal(result([...shop('sidecar'), rules], { port: 443 }), 'app:shop/db');
    assert.equal(result([...shop('sidecar'), rules], { port: 9999, host: 'db' }), 'app:shop/db');
    assert.equal(result([...shop('sidecar'), rules], { port: 9999 }), 'app:shop/v1');
    const { assume } = pathOf([...shop('sidecar'), rules], {
      from: 'shop/web',
      to: { service: 'shop/db', port: 9999 },
    });
    assert.deepEqual(assume, [
      'Port 9999 of Service shop/db names no protocol, so that proxies look into the traffic: taken as TCP.',
    ]);
  });

  it('mean nothing to ztunnel, to Linkerd and without a client in the mesh', () => {
    const rules = virtualService('tcp', `[{${to('v1')}}]`);
    assert.equal(result([...shop('linkerd'), rules]), 'app:shop/db');
    assert.equal(result([...shop('sidecar'), rules], { as: 'ambient' }), 'app:shop/db');
  });
});

describe('`tls` routes of VirtualServices', () => {
  const rules = (names: string) => virtualService('tls', `[{match: [{port: 443, sniHosts: [${names}]}], ${to('v1')}}]`);
  const closed = 'deny no-route sc:shop/web connection closed';

  it('go by the name in the TLS handshake, which is the host that the client calls', () => {
    for (const [names, host, expected] of [
      ['db.shop.svc.cluster.local', undefined, 'app:shop/v1'],
      ['"*.cluster.local"', undefined, 'app:shop/v1'],
      ['other.example.com', 'other.example.com', 'app:shop/v1'],
      ['"*.example.com"', 'Other.Example.com:443', 'app:shop/v1'],
      ['"*.example.com"', 'example.com', closed],
      ['other.example.com', undefined, closed],
    ] as const) {
      assert.equal(
        result([...shop('sidecar'), rules(names)], { port: 443, ...(host ? { host } : {}) }),
        expected,
        names,
      );
    }
  });

  it('leave a port alone that none of them is for', () => {
    const other = virtualService('tls', `[{match: [{port: 8443, sniHosts: [x.example.com]}], ${to('v1')}}]`);
    const nameless = virtualService('tls', `[{${to('v1')}}]`);
    assert.equal(result([...shop('sidecar'), other], { port: 443 }), 'app:shop/db');
    assert.equal(result([...shop('sidecar'), nameless], { port: 443 }), 'app:shop/db');
    assert.equal(result([...shop('sidecar'), rules('db')], { port: 9000 }), 'app:shop/db');
  });

  it('count at waypoints only for the one name of the Service', () => {
    assert.equal(result([...shop('waypoint'), rules('db.shop.svc.cluster.local')], { port: 443 }), 'app:shop/v1');
    assert.equal(
      result([...shop('waypoint'), rules('db.shop.svc.cluster.local, x.example.com')], { port: 443 }),
      'app:shop/db',
    );
    assert.equal(
      result([...shop('waypoint'), rules('x.example.com')], { port: 443, host: 'x.example.com' }),
      'app:shop/db',
    );
  });

  it('say which name they take for granted', () => {
    const { assume } = pathOf([...shop('sidecar'), rules('db.shop.svc.cluster.local')], {
      from: 'shop/web',
      to: { service: 'shop/db', port: 443 },
    });
    assert.deepEqual(assume, ['The client names db.shop.svc.cluster.local in its TLS handshake.']);
  });
});

describe('TCPRoutes and TLSRoutes of Services', () => {
  const v1 = '{name: v1, port: 9000}';

  it('are read by Istio only with the flag for them', () => {
    for (const mesh of ISTIO) {
      const documents = [
        ...shop(mesh),
        route('TCPRoute', 'a', '{name: v2, port: 9000, weight: 3}, {name: v1, port: 9000}'),
      ];
      assert.equal(result(documents), 'app:shop/db', mesh);
      assert.equal(result(documents, ALPHA), 'app:shop/v2', mesh);
    }
  });

  it('are read by Linkerd, where of several kinds on one port the one that knows most counts', () => {
    const tcp = route('TCPRoute', 'a', v1);
    const tls = route('TLSRoute', 'b', '{name: v2, port: 9000}', 'hostnames: [db.shop.svc.cluster.local]');
    const http = route('HTTPRoute', 'c', v1);
    assert.equal(result([...shop('linkerd'), tcp]), 'app:shop/v1');
    assert.equal(result([...shop('linkerd'), tcp, tls]), 'app:shop/v2');
    assert.equal(
      result([...shop('linkerd'), tcp, tls], { host: 'x.example.com' }),
      'deny no-route lo:shop/web connection closed',
    );
    assert.equal(result([...shop('linkerd'), tls, http]), 'app:shop/db');
    assert.equal(result([...shop('linkerd'), tls, http], { host: 'db' }), 'app:shop/v1');
    const opaque = manyPorts('db').replace(
      'namespace: shop}',
      'namespace: shop, annotations: {config.linkerd.io/opaque-ports: "9000"}}',
    );
    const marked = [...shop('linkerd').filter((text) => !text.includes('name: db,')), opaque, tcp, http, tls];
    assert.equal(result(marked, { host: 'db' }), 'app:shop/v1');
  });

  it('close a connection that has no backend, and go by the most specific name', () => {
    assert.equal(
      result([...shop('linkerd'), route('TCPRoute', 'a', '')]),
      'deny TCPRoute/shop/a lo:shop/web connection closed',
    );
    const wide = route('TLSRoute', 'a', v1, 'hostnames: ["*.example.com"]');
    const exact = route('TLSRoute', 'b', '{name: v2, port: 9000}', 'hostnames: [x.example.com]');
    assert.equal(result([...shop('linkerd'), wide, exact], { host: 'x.example.com' }), 'app:shop/v2');
    assert.equal(result([...shop('linkerd'), wide, exact], { host: 'y.example.com' }), 'app:shop/v1');
  });

  it('leave it open which of two kinds Istio follows', () => {
    const both = [route('TCPRoute', 'a', v1), virtualService('tcp', `[{${to('v1')}}]`)];
    assert.equal(result([...shop('sidecar'), ...both], ALPHA), 'unknown VirtualService/shop/db sc:shop/web');
  });
});

describe('the order of routes by age', () => {
  const aged = (text: string, time: string) => text.replace('metadata: {', `metadata: {creationTimestamp: "${time}", `);

  it('is that of the files when they say it', () => {
    const [a, b] = [route('TCPRoute', 'a', '{name: v1, port: 9000}'), route('TCPRoute', 'b', '{name: v2, port: 9000}')];
    assert.equal(result([...shop('linkerd'), a, b]), 'app:shop/v1');
    const known = [aged(a, '2026-01-02T00:00:00Z'), aged(b, '2026-01-01T00:00:00Z')];
    const answer = pathOf([...shop('linkerd'), ...known], { from: 'shop/web', to: { service: 'shop/db', port: 9000 } });
    assert.equal(answer.nodes.at(-1)?.id, 'app:shop/v2');
    assert.deepEqual(answer.assume, []);
  });
});
