import assert from 'node:assert/strict';
import { needsL7 } from '../../server/src/core/mesh/l7.ts';
import { worldOf } from './worldOf.ts';

function reasons(apiVersion: string, kind: string, spec: unknown): string[] {
  const [located] = worldOf(JSON.stringify({ apiVersion, kind, metadata: { name: 'x', namespace: 'n' }, spec })).all;
  return located ? needsL7(located).map(({ reason }) => reason) : [];
}

const networking = (kind: string, spec: unknown) => reasons('networking.istio.io/v1', kind, spec).length;
const authorization = (rule: unknown) =>
  reasons('security.istio.io/v1', 'AuthorizationPolicy', { rules: [rule] }).length;

describe('needsL7', () => {
  it('tells what of an AuthorizationPolicy needs HTTP', () => {
    assert.equal(authorization({ to: [{ operation: { notMethods: ['GET'], ports: ['80'] } }] }), 1);
    assert.equal(authorization({ from: [{ source: { notRemoteIpBlocks: ['192.0.2.1'] } }] }), 1);
    assert.equal(authorization({ from: [{ source: { ipBlocks: ['192.0.2.1'], serviceAccounts: ['a'] } }] }), 0);
    assert.equal(authorization({}), 0);
  });

  it('takes routes of a VirtualService for the mesh, not TCP and not those of gateways', () => {
    const http = [{ route: [{ destination: { host: 'a' } }] }];
    assert.equal(networking('VirtualService', { hosts: ['a'], http }), 1);
    assert.equal(networking('VirtualService', { hosts: ['a'], gateways: ['door', 'mesh'], tls: http }), 1);
    assert.equal(networking('VirtualService', { hosts: ['a'], gateways: ['door'], http }), 0);
    assert.equal(networking('VirtualService', { hosts: ['a'], tcp: http }), 0);
    const matched = [{ match: [{ gateways: ['door'] }] }];
    assert.equal(networking('VirtualService', { hosts: ['a'], gateways: ['door', 'mesh'], http: matched }), 0);
  });

  it('looks into every traffic policy of a DestinationRule', () => {
    const outliers = { outlierDetection: { consecutive5xxErrors: 3 } };
    assert.equal(networking('DestinationRule', { host: 'a', trafficPolicy: outliers }), 1);
    assert.equal(networking('DestinationRule', { host: 'a', subsets: [{ name: 'v1', trafficPolicy: outliers }] }), 1);
    const perPort = { portLevelSettings: [{ port: { number: 80 }, connectionPool: { http: { maxRetries: 1 } } }] };
    assert.equal(networking('DestinationRule', { host: 'a', trafficPolicy: perPort }), 1);
    const tcp = {
      connectionPool: { tcp: { maxConnections: 1 } },
      loadBalancer: { consistentHash: { useSourceIp: true } },
    };
    assert.equal(networking('DestinationRule', { host: 'a', trafficPolicy: tcp }), 0);
  });

  it('takes Telemetry about requests', () => {
    const telemetry = (spec: unknown) => reasons('telemetry.istio.io/v1', 'Telemetry', spec).length;
    assert.equal(telemetry({ tracing: [{}] }), 1);
    assert.equal(telemetry({ metrics: [{ overrides: [{ disabled: true }] }] }), 1);
    assert.equal(telemetry({ metrics: [{ providers: [{ name: 'prometheus' }] }] }), 0);
  });

  it('takes what runs in Envoy as a whole', () => {
    assert.deepEqual(reasons('extensions.istio.io/v1alpha1', 'WasmPlugin', { url: 'oci://a' }), [
      'extensions run in Envoy',
    ]);
    assert.equal(reasons('security.istio.io/v1', 'RequestAuthentication', { jwtRules: [] }).length, 1);
    assert.deepEqual(reasons('security.istio.io/v1', 'PeerAuthentication', { mtls: { mode: 'STRICT' } }), []);
  });
});
