import assert from 'node:assert/strict';
import { pod, service } from '../worldOf.ts';
import { API, between, mesh, SIDECARS, TO_SERVICE, WEB_ID } from './istioMesh.ts';
import { GET_ROOT, pathOf } from './pathOf.ts';

describe('legs from a pod with a Sidecar resource', () => {
  const scope = (spec: string, name = 'default', inNamespace = 'web') => `
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: {name: ${name}, namespace: ${inNamespace}}
spec: {${spec}}`;
  const mode = (value: string) => `outboundTrafficPolicy: {mode: ${value}}`;
  const unknown = { from: 'web/web', to: { host: 'example.com', port: 80 }, http: GET_ROOT };
  const outcome = (...scopes: string[]) => pathOf(mesh(SIDECARS, SIDECARS, ...scopes), unknown).outcome;

  it('do not leave for unknown hosts under REGISTRY_ONLY', () => {
    assert.equal(outcome().result, 'allow');
    const refused = outcome(scope(mode('REGISTRY_ONLY')));
    assert.deepEqual([refused.result, refused.at], ['deny', 'sc:web/web']);
  });

  it('follow the one that selects the pod before that of the namespace, and that before the one of the mesh', () => {
    const whole = scope(mode('REGISTRY_ONLY'));
    const own = (app: string) => scope(`workloadSelector: {labels: {app: ${app}}}, ${mode('ALLOW_ANY')}`, 'own');
    assert.equal(outcome(whole, own('web')).result, 'allow');
    assert.equal(outcome(whole, own('other')).result, 'deny');
    const root = scope(mode('REGISTRY_ONLY'), 'default', 'istio-system');
    assert.equal(outcome(root).result, 'deny');
    assert.equal(outcome(root, scope(mode('ALLOW_ANY'))).result, 'allow');
  });

  it('follow a VirtualService for a host that nothing else has', () => {
    const made = `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: made, namespace: web}
spec:
  hosts: [made.example.com]
  http: [{route: [{destination: {host: api.shop.svc.cluster.local, port: {number: 80}}}]}]`;
    const asked = { from: 'web/web', to: { host: 'made.example.com', port: 80 }, http: GET_ROOT };
    const legs = (...more: string[]) => between(mesh(SIDECARS, SIDECARS, ...API, ...more), asked);
    assert.match(legs(made, scope(mode('REGISTRY_ONLY')))[0] ?? '', /-istio-mtls:80-> sc:shop\/api/);
    assert.deepEqual(legs(), ['sc:web/web -plaintext:80-> ext:made.example.com']);
  });

  it('take a Service that it does not import as an unknown host: plaintext, or refused', () => {
    const legs = (hosts: string, more = '') =>
      between(mesh(SIDECARS, SIDECARS, ...API, scope(`egress: [{hosts: ${hosts}}]${more}`)), TO_SERVICE);
    const mutual = [`sc:web/web -istio-mtls:80-> sc:shop/api as ${WEB_ID}`];
    assert.deepEqual(legs('["*/*"]'), mutual);
    assert.deepEqual(legs('["./*", "shop/api.shop.svc.cluster.local"]'), mutual);
    assert.deepEqual(legs('["./*"]'), ['sc:web/web -plaintext:80-> sc:shop/api']);
    assert.deepEqual(legs('["./*"]', `, ${mode('REGISTRY_ONLY')}`), []);
  });

  it('take a Service that is not exported to them as unknown too', () => {
    const exported = (to: string) =>
      service('shop', 'api').replace(
        '"namespace":"shop"',
        `"namespace":"shop","annotations":{"networking.istio.io/exportTo":"${to}"}`,
      );
    const leg = (to: string) => between(mesh(SIDECARS, SIDECARS, pod('shop', 'api'), exported(to)), TO_SERVICE)[0];
    assert.equal(leg('.'), 'sc:web/web -plaintext:80-> sc:shop/api');
    assert.match(leg('.,web') ?? '', /-istio-mtls:80->/);
    assert.match(leg('*') ?? '', /-istio-mtls:80->/);
  });
});
