import assert from 'node:assert/strict';
import { ignoredByZtunnel, l7UsesOf, ztunnelOutcome, ztunnelRules } from '../../server/src/core/mesh/ztunnelPolicy.ts';
import type { YamlNode } from '../../server/src/core/yaml/tree.ts';
import { the, worldOf } from './worldOf.ts';

type Part = Readonly<Record<string, unknown>>;

function policy(action: string, rules: readonly unknown[]): YamlNode {
  const document = {
    apiVersion: 'security.istio.io/v1',
    kind: 'AuthorizationPolicy',
    metadata: { name: 'p', namespace: 'n' },
    spec: { action, rules },
  };
  return the(worldOf(JSON.stringify(document)), 'security.istio.io/AuthorizationPolicy', 'n', 'p').root;
}

const to = (...operations: readonly Part[]) => ({ to: operations.map((operation) => ({ operation })) });
const from = (...sources: readonly Part[]) => ({ from: sources.map((source) => ({ source })) });
const when = (key: string) => ({ when: [{ key, values: ['x'] }] });

const L4 = from({ principals: ['cluster.local/ns/a/sa/b'] });
const L7 = to({ methods: ['GET'] });

describe('what ztunnel makes of an ALLOW', () => {
  it('drops each rule with an HTTP field whole', () => {
    assert.equal(ztunnelOutcome(policy('ALLOW', [L4])), 'as-written');
    assert.equal(ztunnelOutcome(policy('ALLOW', [{ ...L4, ...L7 }])), 'denies-all');
    assert.equal(ztunnelOutcome(policy('ALLOW', [L4, L7])), 'narrower');
    assert.equal(ztunnelOutcome(policy('ALLOW', [])), 'as-written');
  });

  it('takes five keys of conditions, and no other', () => {
    const keys = ['source.ip', 'source.namespace', 'source.principal', 'destination.ip', 'destination.port'];
    assert.deepEqual(
      keys.map((key) => ztunnelOutcome(policy('ALLOW', [when(key)]))),
      keys.map(() => 'as-written'),
    );
    const others = [
      'remote.ip',
      'connection.sni',
      'request.headers[x]',
      'request.auth.principal',
      'source.serviceAccount',
    ];
    assert.deepEqual(
      others.map((key) => ztunnelOutcome(policy('ALLOW', [when(key)]))),
      others.map(() => 'denies-all'),
    );
  });
});

describe('what ztunnel makes of a DENY', () => {
  const outcome = (...rules: readonly unknown[]) => ztunnelOutcome(policy('DENY', rules));

  it('has no effect when a clause is left with nothing', () => {
    assert.equal(outcome(L7), 'without-effect');
    assert.equal(outcome({ ...L4, ...L7 }), 'without-effect');
    assert.equal(outcome(from({ requestPrincipals: ['*'] })), 'without-effect');
    assert.equal(outcome({ ...L4, ...when('request.headers[x]') }), 'without-effect');
    assert.equal(outcome(from({ trustDomains: ['example.org'] })), 'without-effect');
  });

  it('is altered when something is left', () => {
    assert.equal(outcome(to({ ports: ['80'], methods: ['GET'] })), 'altered');
    assert.equal(outcome(from({ principals: ['*'], requestPrincipals: ['*'] })), 'altered');
    assert.equal(outcome(L7, L4), 'altered');
    assert.equal(outcome(L4), 'as-written');
  });

  it('tells what denies more from what is lost', () => {
    const [rule] = ztunnelRules(policy('DENY', [to({ methods: ['GET'] }, { ports: ['80'], paths: ['/a'] })]));
    assert.deepEqual(
      rule?.widened.map(({ field }) => field),
      ['paths'],
    );
    assert.deepEqual(
      rule?.lost.map(({ field }) => field),
      ['methods'],
    );
  });
});

describe('ztunnel', () => {
  it('does not get CUSTOM and AUDIT', () => {
    assert.equal(ztunnelOutcome(policy('CUSTOM', [L4])), 'unsupported-action');
    assert.equal(ztunnelOutcome(policy('AUDIT', [L4])), 'unsupported-action');
  });

  it('does not count empty lists as fields', () => {
    assert.deepEqual(l7UsesOf(policy('ALLOW', [to({ methods: [], ports: ['80'] })])), []);
  });

  it('skips trust domains', () => {
    assert.equal(ignoredByZtunnel(policy('ALLOW', [from({ trustDomains: ['a'], notTrustDomains: ['b'] })])).length, 2);
  });
});
