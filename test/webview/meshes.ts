import type { PathRequestJson } from '../../server/src/protocol/path.ts';

export interface Mesh {
  readonly text: string;
  readonly request: PathRequestJson;
}

function documents(...texts: readonly string[]): string {
  return texts.join('---\n');
}

function workload(namespace: string, name: string, account: string): string {
  const pod = `{serviceAccountName: ${account}, containers: [{name: c, ports: [{containerPort: 8080}]}]}`;
  return `apiVersion: apps/v1
kind: Deployment
metadata: {name: ${name}, namespace: ${namespace}}
spec: {template: {metadata: {labels: {app: ${name}}}, spec: ${pod}}}
`;
}

function service(namespace: string, name: string): string {
  return `apiVersion: v1
kind: Service
metadata: {name: ${name}, namespace: ${namespace}}
spec: {selector: {app: ${name}}, ports: [{name: http, port: 80, targetPort: 8080}]}
`;
}

function ambient(namespace: string, waypoint: string): string {
  return `apiVersion: v1
kind: Namespace
metadata: {name: ${namespace}, labels: {istio.io/dataplane-mode: ambient, istio.io/use-waypoint: ${waypoint}}}
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: ${waypoint}, namespace: ${namespace}}
spec: {gatewayClassName: istio-waypoint, listeners: [{name: mesh, port: 15008, protocol: HBONE}]}
`;
}

function policy(namespace: string, name: string, rest: string): string {
  return `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: ${name}, namespace: ${namespace}}
spec: {${rest}}
`;
}

/** Two versions behind a route at a waypoint; a policy that holds, one that is never asked, one for somebody else. */
export function ambientMesh(namespace: string, server: string, client: string): Mesh {
  const backends = ['v1', 'v2'].map(
    (version, index) => `{name: ${server}-${version}, port: 80, weight: ${90 - index * 80}}`,
  );
  const text = documents(
    ambient(namespace, 'waypoint'),
    service(namespace, server),
    ...['v1', 'v2'].flatMap((version) => [
      service(namespace, `${server}-${version}`),
      workload(namespace, `${server}-${version}`, server),
    ]),
    workload(namespace, client, client),
    `apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: ${server}-canary, namespace: ${namespace}}
spec:
  parentRefs: [{group: '', kind: Service, name: ${server}, port: 80}]
  rules: [{backendRefs: [${backends.join(', ')}]}]
`,
    policy(
      namespace,
      `${server}-readers`,
      `targetRefs: [{group: '', kind: Service, name: ${server}}], rules: [{to: [{operation: {methods: [GET]}}]}]`,
    ),
    policy(
      namespace,
      `${server}-l7`,
      `selector: {matchLabels: {app: ${server}-v1}}, action: DENY, rules: [{to: [{operation: {methods: [PUT]}}]}]`,
    ),
  );
  const request = {
    from: `${namespace}/${client}`,
    to: { service: `${namespace}/${server}`, port: 80 },
    http: { method: 'GET', path: '/' },
  };
  return { text, request };
}

export const SHOP = ambientMesh('shop', 'cart', 'web');

/** Names as long as Kubernetes allows, without a place to break them, in the widest letters. */
export const LONG = ambientMesh('m'.repeat(63), 'w'.repeat(60), 'm'.repeat(63));

/** A name that would be markup if anything took it for such. */
export const MARKUP = `<img src=x onerror="window.harmed=true">"><script>window.harmed=true</script>`;

export const HOSTILE: Mesh = {
  text: documents(
    service('shop', JSON.stringify(MARKUP)),
    `apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {istio.io/dataplane-mode: ambient}}
`,
    `apiVersion: apps/v1
kind: Deployment
metadata: {name: ${JSON.stringify(MARKUP)}, namespace: shop}
spec: {template: {metadata: {labels: {app: ${JSON.stringify(MARKUP)}}}, spec: {containers: [{name: c}]}}}
`,
  ),
  request: {
    from: `shop/${MARKUP}`,
    to: { service: `shop/${MARKUP}`, port: 80 },
    http: { method: MARKUP, path: `/${MARKUP}`, host: 'javascript:alert(1)', headers: { [MARKUP]: MARKUP } },
  },
};
