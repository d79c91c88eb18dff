import assert from 'node:assert/strict';
import { sceneOf } from '../../../server/src/core/features/drawing/scene.ts';
import { pathOf } from '../../mesh/paths/pathOf.ts';

const NAMESPACE = `apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {istio.io/dataplane-mode: ambient}}`;
const SERVICE = `apiVersion: v1
kind: Service
metadata: {name: cart, namespace: shop}
spec: {selector: {app: cart}, ports: [{name: http, port: 80, targetPort: 8080}]}`;
const WORKLOADS = ['cart', 'web'].map(
  (app) => `apiVersion: apps/v1
kind: Deployment
metadata: {name: ${app}, namespace: shop}
spec: {template: {metadata: {labels: {app: ${app}}}, spec: {containers: [{name: c, ports: [{containerPort: 8080}]}]}}}`,
);
const policy = (rules: string) => `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: readers, namespace: shop}
spec: {selector: {matchLabels: {app: cart}}, rules: ${rules}}`;
const request = { from: 'shop/web', to: { service: 'shop/cart', port: 80 }, http: { method: 'GET', path: '/' } };

/** The outcome as it is shown, with the note that stands beside it. */
function told(documents: readonly string[], asked = request): string {
  const { outcome, note } = sceneOf(pathOf(documents, asked));
  assert.equal(outcome.result, 'unknown');
  return [outcome.text, ...(note === undefined ? [] : [note])].join('. ');
}

const MESH = [NAMESPACE, SERVICE, ...WORKLOADS];

describe('a path that nobody can know', () => {
  it('says which workload is not there', () => {
    assert.equal(
      told(MESH, { ...request, from: 'shop/nobody' }),
      'Not known. from: no workload shop/nobody in the workspace',
    );
  });

  it('says that a name is taken twice', () => {
    assert.equal(
      told([...MESH, SERVICE.replace('app: cart', 'app: web')]),
      'Not known. to: 2 Services are called shop/cart (in mesh.yaml)',
    );
  });

  it('says which resource on the path is malformed', () => {
    const ports = SERVICE.replace(/ports: .*\}/, 'ports: nonsense}');
    assert.equal(told([NAMESPACE, ports, ...WORKLOADS]), 'Not known. to: Service shop/cart has no port 80');
    assert.equal(
      told([...MESH, policy('5')]),
      'Not known at ztunnel of shop/cart: AuthorizationPolicy/shop/readers cannot be read for certain. AuthorizationPolicy shop/readers in mesh.yaml: it cannot be applied as written: `rules` takes a list, and here is the number `5`.',
    );
  });

  it('says that delegates go in a circle', () => {
    const virtualService = (name: string, hosts: string) => `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: ${name}, namespace: shop}
spec: {${hosts}http: [{delegate: {name: part}}]}`;
    const waypoint = `apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: wp, namespace: shop}
spec: {gatewayClassName: istio-waypoint, listeners: [{name: mesh, port: 15008, protocol: HBONE}]}`;
    const bound = NAMESPACE.replace('ambient}', 'ambient, istio.io/use-waypoint: wp}');
    const routes = [virtualService('cart', 'hosts: [cart], '), virtualService('part', '')];
    assert.match(
      told([bound, SERVICE, ...WORKLOADS, waypoint, ...routes]),
      /VirtualService shop\/cart delegates in a circle: shop\/part, shop\/part\.$/,
    );
  });
});
