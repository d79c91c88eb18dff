import assert from 'node:assert/strict';
import type { Attributes, HttpAttributes } from '../../../server/src/core/mesh/authorization/attributes.ts';
import { decide } from '../../../server/src/core/mesh/authorization/decide.ts';
import type { Reader } from '../../../server/src/core/mesh/authorization/fields.ts';
import { worldOf } from '../worldOf.ts';

const WEB = 'cluster.local/ns/web/sa/web';
const GET: HttpAttributes = {
  method: 'GET',
  path: '/a/b',
  host: 'api.shop:80',
  headers: new Map([['x-team', 'blue']]),
};

interface Case {
  readonly principal?: string | null;
  readonly port?: number;
  readonly http?: HttpAttributes;
}

/** What one proxy answers, given policies as `ACTION rules` in flow style. */
function answer(reader: Reader, policies: readonly string[], { principal = WEB, port = 80, http = GET }: Case = {}) {
  const documents = policies.map((written, index) => {
    const [, action, rules] = /^([A-Z]+) ?(.*)$/s.exec(written) ?? [];
    return `
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: p${index}, namespace: shop}
spec: {action: ${action}${rules === '' ? '' : `, rules: ${rules}`}}`;
  });
  const world = worldOf(...documents);
  const attributes: Attributes = { principal, port, http: reader === 'envoy-http' ? http : undefined };
  return decide(world.ofKind('security.istio.io/AuthorizationPolicy'), attributes, reader).result;
}

/** Whether a rule matches: what a policy that denies by it does. */
const denies = (reader: Reader, rule: string, given?: Case) => answer(reader, [`DENY [${rule}]`], given) === 'deny';
const allows = (reader: Reader, rule: string, given?: Case) => answer(reader, [`ALLOW [${rule}]`], given) === 'allow';

const METHODS = '{operation: {methods: [GET]}}';
const FROM_WEB = `{source: {principals: ["${WEB}"]}}`;

describe('rules that ztunnel reads', () => {
  for (const [what, rule, on80, on81] of [
    ['methods alone', `{to: [${METHODS}]}`, false, false],
    ['a principal, and methods', `{from: [${FROM_WEB}], to: [${METHODS}]}`, false, false],
    ['principals of requests', '{from: [{source: {requestPrincipals: ["*"]}}]}', false, false],
    [
      'a condition on a header',
      `{from: [${FROM_WEB}], when: [{key: "request.headers[x]", values: [y]}]}`,
      false,
      false,
    ],
    ['a port with methods', '{to: [{operation: {ports: ["80"], methods: [DELETE]}}]}', true, false],
    [
      'a principal with a principal of requests',
      `{from: [{source: {principals: ["${WEB}"], requestPrincipals: [x]}}]}`,
      true,
      true,
    ],
    ['methods or a port', `{to: [${METHODS}, {operation: {ports: ["80"]}}]}`, true, false],
    ['nothing but what ztunnel knows', `{from: [${FROM_WEB}], to: [{operation: {ports: ["80"]}}]}`, true, false],
    ['trust domains alone', '{from: [{source: {trustDomains: [cluster.local]}}]}', false, false],
    ['a port that is no number', '{to: [{operation: {ports: [http]}}]}', false, false],
    ['an item without anything', '{from: [{source: {}}]}', false, false],
    ['nothing, which is everything', '{}', true, true],
  ] as const) {
    it(`refuse by ${what} (Z3 to Z5)`, () => {
      assert.equal(denies('ztunnel', rule, { port: 80 }), on80, 'port 80');
      assert.equal(denies('ztunnel', rule, { port: 81 }), on81, 'port 81');
    });
  }

  it('are dropped whole from an ALLOW that needs HTTP, which then lets nobody in (Z2)', () => {
    assert.equal(allows('ztunnel', `{from: [${FROM_WEB}], to: [${METHODS}]}`), false);
    assert.equal(allows('ztunnel', `{from: [${FROM_WEB}]}, {to: [${METHODS}]}`), true);
    assert.equal(allows('ztunnel', `{from: [{source: {principals: ["${WEB}"], trustDomains: [other]}}]}`), true);
    assert.equal(allows('ztunnel', '{from: [{source: {remoteIpBlocks: ["0.0.0.0/0"]}}]}'), false);
  });

  it('compare identities exactly, by prefix, by suffix, or for being there (Z6)', () => {
    const match = (value: string, principal: string | null = WEB) =>
      allows('ztunnel', `{from: [{source: {principals: ["${value}"]}}]}`, { principal });
    assert.deepEqual(
      [WEB, 'cluster.local/ns/web/*', '*/sa/web', '*'].map((value) => match(value)),
      Array(4).fill(true),
    );
    assert.deepEqual(
      ['cluster.local/ns/web', '*/sa/other', 'other/*'].map((value) => match(value)),
      Array(3).fill(false),
    );
    assert.equal(match('*', null), false);
    const matches = (source: string, principal: string | null) =>
      allows('ztunnel', `{from: [{source: {${source}}}]}`, { principal });
    for (const [positive, negative, value] of [
      ['principals', 'notPrincipals', '*'],
      ['namespaces', 'notNamespaces', 'web'],
      ['serviceAccounts', 'notServiceAccounts', 'web/web'],
    ]) {
      assert.equal(matches(`${positive}: ["${value}"]`, WEB), true, positive);
      assert.equal(matches(`${negative}: ["${value}"]`, WEB), false, negative);
      assert.equal(matches(`${positive}: ["${value}"]`, null), false, `${positive} without identity`);
      assert.equal(matches(`${negative}: ["${value}"]`, null), true, `${negative} without identity`);
    }
  });
});

describe('rules that Envoy reads on a port that is not HTTP (V)', () => {
  it('are dropped from an ALLOW, and refuse every connection as a DENY', () => {
    assert.equal(allows('envoy-tcp', `{to: [${METHODS}]}`), false);
    assert.equal(denies('envoy-tcp', `{to: [${METHODS}]}`), true);
    assert.equal(denies('envoy-tcp', '{to: [{operation: {ports: ["81"], methods: [GET]}}]}'), false);
    assert.equal(denies('envoy-tcp', `{from: [{source: {principals: [x]}}], to: [${METHODS}]}`), false);
  });
});

describe('the order of policies', () => {
  it('is DENY before ALLOW; without ALLOW everything passes, and an ALLOW without rules lets nobody in', () => {
    assert.equal(answer('envoy-http', []), 'allow');
    assert.equal(answer('envoy-http', ['DENY']), 'allow');
    assert.equal(answer('envoy-http', ['ALLOW']), 'deny');
    assert.equal(answer('envoy-http', ['ALLOW', 'ALLOW [{}]']), 'allow');
    assert.equal(answer('envoy-http', ['ALLOW [{}]', 'DENY [{}]']), 'deny');
  });

  it('asks an external authorizer, whose answer no file has; ztunnel asks none', () => {
    assert.equal(answer('envoy-http', ['CUSTOM [{}]']), 'unknown');
    assert.equal(answer('envoy-http', [`CUSTOM [{to: [{operation: {methods: [PUT]}}]}]`]), 'allow');
    assert.equal(answer('envoy-http', ['CUSTOM [{}]', 'DENY [{}]']), 'deny');
    assert.equal(answer('ztunnel', ['CUSTOM [{}]']), 'allow');
  });

  it('does not ask those that only log', () => {
    for (const reader of ['envoy-http', 'envoy-tcp', 'ztunnel'] as const)
      assert.equal(answer(reader, ['AUDIT [{}]']), 'allow', reader);
  });
});

describe('rules that Envoy reads of a request', () => {
  const operation = (written: string, http: Partial<HttpAttributes> = {}) =>
    denies('envoy-http', `{to: [{operation: {${written}}}]}`, { http: { ...GET, ...http } });

  it('compare paths by patterns and by templates', () => {
    for (const pattern of ['/a/b', '/a/*', '*/b', '*', '/a/{*}', '/{*}/b', '/{**}', '/{**}/b'])
      assert.equal(operation(`paths: ["${pattern}"]`), true, pattern);
    for (const pattern of ['/a', '/b/*', '*/a', '/{*}', '/a/{*}/c', '/{**}/c'])
      assert.equal(operation(`paths: ["${pattern}"]`), false, pattern);
    assert.equal(operation('notPaths: ["/a/*"]'), false);
    assert.equal(operation('notPaths: ["/c"]'), true);
  });

  it('compare hosts without regard to case, with their port or on every port', () => {
    for (const pattern of ['api.shop', 'API.shop', 'api.shop:80', '*.shop', 'api.*'])
      assert.equal(operation(`hosts: ["${pattern}"]`), true, pattern);
    for (const pattern of ['api.shop:81', 'shop', '*.web'])
      assert.equal(operation(`hosts: ["${pattern}"]`), false, pattern);
  });

  it('want every field of an item, one item of a clause, and every clause', () => {
    assert.equal(operation('methods: [GET], paths: ["/a/b"]'), true);
    assert.equal(operation('methods: [PUT], paths: ["/a/b"]'), false);
    assert.equal(denies('envoy-http', '{to: [{operation: {methods: [PUT]}}, {operation: {methods: [GET]}}]}'), true);
    assert.equal(denies('envoy-http', `{from: [{source: {namespaces: [other]}}], to: [${METHODS}]}`), false);
    const header = (value: string) => `{when: [{key: "request.headers[X-Team]", values: [${value}]}]}`;
    assert.equal(denies('envoy-http', header('blue')), true);
    assert.equal(denies('envoy-http', header('"b*"')), true);
    assert.equal(denies('envoy-http', header('red')), false);
  });
});

describe('what files do not say', () => {
  const token = { ...GET, headers: new Map([['authorization', 'Bearer x']]) };
  for (const [what, rule, http] of [
    ['addresses', '{from: [{source: {ipBlocks: ["10.0.0.0/8"]}}]}', GET],
    ['all but some addresses', '{from: [{source: {notIpBlocks: ["10.0.0.0/8"]}}]}', GET],
    ['what a token says', '{from: [{source: {requestPrincipals: ["*"]}}]}', token],
    ['claims of a token', '{when: [{key: "request.auth.claims[group]", values: [x]}]}', token],
    ['a template', '{from: [{source: {principals: ["{{ .Values.principal }}"]}}]}', GET],
    ['a condition that nobody knows', '{when: [{key: "request.unheard", values: [x]}]}', GET],
    ['the name in a request', '{to: [{operation: {hosts: [api.shop]}}]}', { ...GET, host: undefined }],
  ] as const) {
    it(`leaves it open whether it is let in or refused: ${what}`, () => {
      assert.equal(answer('envoy-http', [`ALLOW [${rule}]`], { http }), 'unknown');
      assert.equal(answer('envoy-http', [`DENY [${rule}]`], { http }), 'unknown');
    });
  }

  it('does not matter where another rule decides', () => {
    const open = '{from: [{source: {ipBlocks: ["10.0.0.0/8"]}}]}';
    assert.equal(answer('envoy-http', [`ALLOW [${open}, {}]`]), 'allow');
    assert.equal(answer('envoy-http', [`DENY [${open}]`, 'DENY [{}]']), 'deny');
    assert.equal(answer('envoy-http', [`DENY [${open}]`, 'ALLOW']), 'deny');
  });

  it('is no token where the request has none', () => {
    assert.equal(allows('envoy-http', '{from: [{source: {requestPrincipals: ["*"]}}]}'), false);
    assert.equal(denies('envoy-http', '{from: [{source: {notRequestPrincipals: ["*"]}}]}'), true);
  });
});
