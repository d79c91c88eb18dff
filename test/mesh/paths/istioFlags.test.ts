import assert from 'node:assert/strict';
import { DEFAULT_SETTINGS, type IstiodFlags } from '../../../server/src/core/settings.ts';
import { pod, service, waypoint } from '../worldOf.ts';
import { AMBIENT, API, BOUND, between, mesh, SIDECARS, TO_POD, TO_SERVICE, VIA_WAYPOINT, WEB_ID } from './istioMesh.ts';
import { pathOf } from './pathOf.ts';

const flags = (istiod: Partial<IstiodFlags>) => ({ settings: { istiod: { ...DEFAULT_SETTINGS.istiod, ...istiod } } });

function authorization(spec: string, annotations = '{}'): string {
  return `
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: p, namespace: shop, annotations: ${annotations}}
spec: {${spec}}`;
}

describe("what istiod's flags change (A3)", () => {
  it('is whether ztunnel lets waypoints in, whatever policies say of the client', () => {
    const byName = 'rules: [{from: [{source: {principals: ["cluster.local/ns/web/sa/default"]}}]}]';
    const documents = mesh(AMBIENT, BOUND, ...API, waypoint('shop', 'wp'), authorization(byName));
    assert.equal(pathOf(documents, TO_SERVICE).outcome.at, 'zt:shop/api');
    assert.equal(pathOf(documents, TO_SERVICE, flags({ autoAllowWaypointPolicy: true })).outcome.result, 'allow');
    const refusing = mesh(AMBIENT, BOUND, ...API, waypoint('shop', 'wp'), authorization('action: DENY, rules: [{}]'));
    const denied = pathOf(refusing, TO_SERVICE, flags({ autoAllowWaypointPolicy: true })).outcome;
    assert.equal(denied.result, 'deny', 'what a DENY says holds for waypoints too');
  });

  it('is whether sidecars take HBONE, and prefer it among themselves', () => {
    const documents = mesh(SIDECARS, SIDECARS, ...API);
    const mutual = [`sc:web/web -istio-mtls:80-> sc:shop/api as ${WEB_ID}`];
    assert.deepEqual(between(documents, TO_SERVICE, flags({ sidecarsSpeakHbone: true })), mutual);
    assert.deepEqual(between(documents, TO_SERVICE, flags({ preferSendingHbone: true })), mutual);
    assert.deepEqual(between(documents, TO_SERVICE, flags({ sidecarsSpeakHbone: true, preferSendingHbone: true })), [
      `sc:web/web -hbone:15008-> sc:shop/api as ${WEB_ID}`,
    ]);
    assert.deepEqual(between(mesh(AMBIENT, SIDECARS, ...API), TO_SERVICE, flags({ sidecarsSpeakHbone: true })), [
      `zt:web/web -hbone:15008-> sc:shop/api as ${WEB_ID}`,
    ]);
  });

  it('is whether sidecars and gateways speak mutual TLS by themselves', () => {
    const documents = mesh(SIDECARS, SIDECARS, ...API);
    assert.deepEqual(between(documents, TO_SERVICE, flags({ enableAutoMtls: false })), [
      'sc:web/web -plaintext:80-> sc:shop/api',
    ]);
  });

  it('is whether ztunnel hears of dry runs, which still refuse nothing', () => {
    const dry = authorization('action: DENY, rules: [{}]', '{istio.io/dry-run: "true"}');
    const path = (on: boolean) =>
      pathOf(mesh(AMBIENT, AMBIENT, ...API, dry), TO_SERVICE, flags({ ambientEnableDryRunAuthorizationPolicy: on }));
    assert.deepEqual([path(false).outcome.result, path(true).outcome.result], ['allow', 'allow']);
    assert.equal(path(false).policies[0]?.verdict, 'ignored');
  });
});

describe('what a waypoint is for', () => {
  const gatewayClass = (traffic: string) => `
apiVersion: gateway.networking.k8s.io/v1
kind: GatewayClass
metadata: {name: istio-waypoint, labels: {istio.io/waypoint-for: ${traffic}}}
spec: {controllerName: istio.io/mesh-controller}`;

  it('says the label of its class where it has none of its own (W5)', () => {
    const own = waypoint('shop', 'wp', { labels: { 'istio.io/waypoint-for': 'service' } });
    const legs = (...more: string[]) => between(mesh(AMBIENT, BOUND, ...API, ...more), TO_POD);
    assert.deepEqual(legs(waypoint('shop', 'wp'), gatewayClass('all')), VIA_WAYPOINT);
    assert.notDeepEqual(legs(own, gatewayClass('all')), VIA_WAYPOINT);
  });

  it('can be done by a Gateway of any class (W6)', () => {
    const other = waypoint('shop', 'wp').replace('istio-waypoint', 'some-class');
    assert.deepEqual(between(mesh(AMBIENT, BOUND, ...API, other), TO_SERVICE), VIA_WAYPOINT);
  });
});

describe('an AuthorizationPolicy about HTTP on a port that is not (V)', () => {
  const bytes = service('shop', 'api').replace('"port":80', '"port":80,"name":"tcp-db"');
  const asked = { ...TO_SERVICE, http: undefined };
  const judged = (documents: readonly string[], spec: string) => {
    const { outcome, policies } = pathOf([...documents, authorization(spec)], asked);
    const found = policies.find(({ ref }) => ref.endsWith('/p'));
    return [outcome.result, outcome.signal, found?.verdict, found?.effect];
  };
  const SIDECAR = mesh(SIDECARS, SIDECARS, pod('shop', 'api'), bytes);
  const WAYPOINT = mesh(AMBIENT, BOUND, pod('shop', 'api'), bytes, waypoint('shop', 'wp'));
  const METHODS = 'rules: [{to: [{operation: {methods: [DELETE]}}]}]';
  const TARGET = 'targetRefs: [{group: "", kind: Service, name: api}]';

  it('refuses every connection as a DENY, and lets nobody in as an ALLOW', () => {
    const refused = ['deny', 'connection closed', 'degraded'];
    assert.deepEqual(judged(SIDECAR, `action: DENY, ${METHODS}`), [...refused, 'broader']);
    assert.deepEqual(judged(SIDECAR, METHODS), [...refused, 'fail-closed']);
    assert.deepEqual(judged(WAYPOINT, `${TARGET}, action: DENY, ${METHODS}`), [...refused, 'broader']);
    assert.deepEqual(judged(WAYPOINT, `${TARGET}, ${METHODS}`), [...refused, 'fail-closed']);
  });

  it('is the opposite at ztunnel, where such a DENY never matches (Z4)', () => {
    const ambient = mesh(AMBIENT, AMBIENT, pod('shop', 'api'), bytes);
    assert.deepEqual(judged(ambient, `action: DENY, ${METHODS}`), ['allow', undefined, 'no-effect', 'fail-open']);
    assert.deepEqual(judged(ambient, METHODS), ['deny', 'connection reset', 'degraded', 'fail-closed']);
  });
});
