import assert from 'node:assert/strict';
import { hopPath, type PathRequestJson } from '../../server/src/api.ts';
import { PATTERNS } from '../../server/src/core/features/completion/patterns.ts';
import { expand } from './expand.ts';

// Snippets that form a policy do what their description says: each stands in a small shop, and requests are sent.

const NAMESPACE = 'my-namespace';

/** Deployments with a ServiceAccount each; the app is what the snippets speak of, the others call it. */
const workload = (name: string, account: string, namespace = NAMESPACE) => `---
apiVersion: v1
kind: ServiceAccount
metadata: {name: ${account}, namespace: ${namespace}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: ${name}, namespace: ${namespace}}
spec:
  selector: {matchLabels: {app: ${name}}}
  template:
    metadata: {labels: {app: ${name}}}
    spec:
      serviceAccountName: ${account}
      containers: [{name: app, image: app, ports: [{containerPort: 8080}]}]
`;

const service = (labels = '') => `---
apiVersion: v1
kind: Service
metadata: {name: my-service, namespace: ${NAMESPACE}, labels: {${labels}}}
spec:
  selector: {app: my-app}
  ports: [{name: http, port: 80, targetPort: 8080, appProtocol: http}]
`;

const PEOPLE =
  workload('my-app', 'app') +
  workload('friend', 'my-account') +
  workload('stranger', 'stranger') +
  workload('plain', 'plain', 'outside-of-the-mesh') +
  '---\napiVersion: v1\nkind: Namespace\nmetadata: {name: outside-of-the-mesh}\n';

const AMBIENT = `---
apiVersion: v1
kind: Namespace
metadata: {name: ${NAMESPACE}, labels: {istio.io/dataplane-mode: ambient}}
`;

const WAYPOINT = `---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: my-waypoint, namespace: ${NAMESPACE}, labels: {istio.io/waypoint-for: service}}
spec:
  gatewayClassName: istio-waypoint
  listeners: [{name: mesh, port: 15008, protocol: HBONE}]
`;

const LINKERD = `---
apiVersion: v1
kind: Namespace
metadata: {name: ${NAMESPACE}, annotations: {linkerd.io/inject: enabled}}
`;

const SERVER = `---
apiVersion: policy.linkerd.io/v1beta3
kind: Server
metadata: {name: my-server, namespace: ${NAMESPACE}}
spec: {podSelector: {matchLabels: {app: my-app}}, port: 8080, proxyProtocol: HTTP/1}
`;

const SHOPS = {
  ambient: AMBIENT + PEOPLE + service(),
  waypoint: AMBIENT + PEOPLE + WAYPOINT + service('istio.io/use-waypoint: my-waypoint'),
  linkerd: LINKERD + PEOPLE + service(),
  linkerdServer: LINKERD + PEOPLE + service() + SERVER,
  /** The snippet says itself how its namespace is in the mesh. */
  namespaceless: PEOPLE + service(),
};

const THROUGH_SERVICE = { service: `${NAMESPACE}/my-service`, port: 80 };
const STRAIGHT = { pod: `${NAMESPACE}/my-app`, port: 8080 };

function get(from: string, path = '/api/items', to: PathRequestJson['to'] = THROUGH_SERVICE, method = 'GET') {
  const workload = from === 'plain' ? 'outside-of-the-mesh/plain' : from === 'kubelet' ? from : `${NAMESPACE}/${from}`;
  return { from: workload, to, http: { method, path } };
}

interface Case {
  readonly typed: string;
  readonly shop: keyof typeof SHOPS;
  readonly allows?: readonly PathRequestJson[];
  readonly denies?: readonly PathRequestJson[];
  /** What the user writes at a stop. */
  readonly typing?: ReadonlyMap<number, string>;
}

const CASES: readonly Case[] = [
  { typed: 'authz-deny-all', shop: 'ambient', denies: [get('friend'), get('stranger'), get('plain')] },
  { typed: 'authz-deny-all-waypoints', shop: 'waypoint', denies: [get('friend'), get('stranger')] },
  {
    typed: 'authz-allow-l4',
    shop: 'ambient',
    allows: [get('friend'), get('friend', '/', STRAIGHT)],
    denies: [get('stranger'), get('plain')],
  },
  {
    typed: 'authz-allow-l7',
    shop: 'waypoint',
    allows: [get('friend')],
    denies: [get('stranger'), get('friend', '/admin'), get('friend', '/api/items', THROUGH_SERVICE, 'POST')],
  },
  {
    typed: 'authz-deny-path',
    shop: 'waypoint',
    allows: [get('friend'), get('stranger')],
    denies: [get('friend', '/admin/users')],
  },
  {
    typed: 'bypass-guard',
    shop: 'waypoint',
    allows: [get('friend'), get('stranger')],
    denies: [get('friend', '/', STRAIGHT), get('plain', '/', STRAIGHT)],
  },
  { typed: 'jwt-waypoint', shop: 'waypoint', denies: [get('friend')] },
  { typed: 'mtls-strict', shop: 'ambient', allows: [get('friend')], denies: [get('plain')] },
  { typed: 'mtls-permissive', shop: 'ambient', allows: [get('friend'), get('plain')] },
  { typed: 'mtls-port', shop: 'ambient', allows: [get('friend')], denies: [get('plain')] },
  { typed: 'networkpolicy-ambient', shop: 'ambient', allows: [get('friend'), get('plain')] },
  { typed: 'networkpolicy-deny', shop: 'ambient', allows: [get('friend')], denies: [get('plain')] },
  { typed: 'linkerd-default-deny', shop: 'namespaceless', denies: [get('friend'), get('plain')] },
  { typed: 'linkerd-server', shop: 'linkerd', denies: [get('friend'), get('plain')] },
  { typed: 'linkerd-authz', shop: 'linkerd', allows: [get('friend')], denies: [get('stranger'), get('plain')] },
  {
    typed: 'linkerd-authz-route',
    shop: 'linkerdServer',
    allows: [get('friend')],
    denies: [get('stranger'), get('friend', '/admin')],
  },
  {
    typed: 'linkerd-probe-route',
    shop: 'linkerdServer',
    // Which network the nodes are in, the files cannot tell.
    typing: new Map([[5, '0.0.0.0/0']]),
    allows: [get('kubelet', '/healthz', STRAIGHT)],
    denies: [get('friend', '/api/items')],
  },
  {
    typed: 'linkerd-egress-route',
    shop: 'linkerd',
    allows: [{ from: `${NAMESPACE}/friend`, to: { host: 'api.example.com', port: 443 } }],
    denies: [{ from: `${NAMESPACE}/friend`, to: { host: 'elsewhere.example.com', port: 443 } }],
  },
];

async function outcome({ typed, shop, typing }: Case, request: PathRequestJson): Promise<string> {
  const body = PATTERNS.find((pattern) => pattern.typed === typed)?.body;
  assert.ok(body, `${typed} exists`);
  const files = [
    { path: 'shop.yaml', text: SHOPS[shop] },
    { path: 'snippet.yaml', text: expand(body.join('\n'), typing) },
  ];
  const { cases } = await hopPath({ files }, [request]);
  const answer = cases[0];
  return `${answer?.outcome.result ?? ''} ${answer?.note ?? ''}`.trim();
}

describe('snippets that form a policy', () => {
  for (const entry of CASES) {
    const { typed, allows = [], denies = [] } = entry;
    it(`${typed} lets through whom it says, and nobody else`, async () => {
      for (const request of allows) assert.match(await outcome(entry, request), /^allow/);
      for (const request of denies)
        assert.match(await outcome(entry, request), /^deny/, `refuses ${JSON.stringify(request)}`);
    });
  }

  it('make a difference: without them, the shops in the mesh let everyone through', async () => {
    for (const shop of ['ambient', 'waypoint', 'linkerd'] as const) {
      const { cases } = await hopPath({ files: [{ path: 'shop.yaml', text: SHOPS[shop] }] }, [
        get('friend'),
        get('stranger'),
        get('friend', '/admin'),
        get('plain', '/', STRAIGHT),
      ]);
      assert.deepEqual(
        cases.map(({ outcome: { result } }) => result),
        ['allow', 'allow', 'allow', 'allow'],
        shop,
      );
    }
  });

  for (const typed of ['waypoint', 'waypoint-service', 'ingress-waypoint']) {
    it(`${typed} puts a waypoint into the path`, async () => {
      const body = PATTERNS.find((pattern) => pattern.typed === typed)?.body ?? [];
      const shop = typed === 'waypoint' ? SHOPS.namespaceless : AMBIENT + PEOPLE;
      const files = [
        { path: 'shop.yaml', text: shop },
        { path: 'snippet.yaml', text: expand(body.join('\n')) },
      ];
      const { cases } = await hopPath({ files }, [get('friend')]);
      assert.ok(cases[0]?.nodes.some(({ kind }) => kind === 'waypoint'));
      assert.equal(cases[0]?.outcome.result, 'allow');
    });
  }

  it('egress-waypoint sends requests for the host through its waypoint', async () => {
    const body = PATTERNS.find(({ typed }) => typed === 'egress-waypoint')?.body ?? [];
    const files = [
      { path: 'shop.yaml', text: SHOPS.ambient },
      { path: 'snippet.yaml', text: expand(body.join('\n')) },
    ];
    const to = { host: 'api.example.com', port: 80 };
    const { cases } = await hopPath({ files }, [
      { from: `${NAMESPACE}/friend`, to, http: { method: 'GET', path: '/' } },
    ]);
    assert.ok(cases[0]?.nodes.some(({ kind }) => kind === 'waypoint'));
    assert.equal(cases[0]?.outcome.result, 'allow');
  });
});
