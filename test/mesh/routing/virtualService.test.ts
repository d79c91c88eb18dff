import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { destinationsOf, ownAnswerOf, shownDestination } from '../../../server/src/core/mesh/routing/destinations.ts';
import { routeOf } from '../../../server/src/core/mesh/routing/route.ts';
import { worldOf } from '../worldOf.ts';

interface Asked {
  readonly host?: string;
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly port?: number;
}

function virtualService(name: string, http: string, rest = 'hosts: [shop.example.com]'): string {
  return `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: ${name}, namespace: shop}
spec:
  ${rest}
  http: ${http}`;
}

function asked(documents: readonly string[], { host = 'shop.example.com', ...request }: Asked): string {
  const world = worldOf(...documents);
  const { choice } = routeOf(world, { host, method: 'GET', path: '/', headers: {}, ...request });
  if (!choice) return 'no route';
  if (!choice.rule) return choice.state;
  const { route, index } = choice.rule;
  return choice.state === 'matched' ? `${route.name} ${index}` : `unknown at ${route.name} ${index}`;
}

/** Whether a match fits: rule 0 when it does, else the rule below it that takes everything. */
function fits(match: string, request: Asked): boolean {
  const http = `[{match: [${match}], route: [{destination: {host: a}}]}, {route: [{destination: {host: b}}]}]`;
  const answer = asked([virtualService('web', http)], request);
  assert.match(answer, /^web [01]$/);
  return answer === 'web 0';
}

describe('matches of a VirtualService', () => {
  const table: readonly [match: string, request: Asked, expected: boolean][] = [
    ['{uri: {exact: /a}}', { path: '/a' }, true],
    ['{uri: {exact: /a}}', { path: '/a?x=1' }, true],
    ['{uri: {exact: /a}}', { path: '/a/' }, false],
    ['{uri: {prefix: /a}}', { path: '/ab' }, true],
    ['{uri: {prefix: /a}}', { path: '/A' }, false],
    ['{uri: {prefix: /a}, ignoreUriCase: true}', { path: '/AB' }, true],
    ['{uri: {regex: "/a.*"}}', { path: '/abc' }, true],
    ['{uri: {regex: "/a"}}', { path: '/abc' }, false],
    ['{uri: {regex: "/a"}, ignoreUriCase: true}', { path: '/A' }, false],
    ['{method: {regex: "GET|HEAD"}}', { method: 'HEAD' }, true],
    ['{method: {exact: POST}}', {}, false],
    ['{authority: {prefix: shop.}}', {}, true],
    ['{headers: {x-Beta: {exact: "1"}}}', { headers: { 'X-beta': '1' } }, true],
    ['{headers: {x-beta: {}}}', { headers: { 'x-beta': 'anything' } }, true],
    ['{headers: {x-beta: {}}}', {}, false],
    ['{withoutHeaders: {x-beta: {exact: "1"}}}', { headers: { 'x-beta': '1' } }, false],
    ['{withoutHeaders: {x-beta: {exact: "1"}}}', {}, true],
    ['{queryParams: {q: {exact: "1"}}}', { path: '/?p=2&q=1' }, true],
    ['{queryParams: {q: {exact: "1"}}}', { path: '/?q=12' }, false],
    ['{port: 8080}', { port: 8080 }, true],
    ['{port: 8080}', { port: 80 }, false],
    ['{sourceNamespace: other}', {}, false],
    ['{sourceLabels: {app: web}}', {}, false],
    ['{uri: {prefix: /a}, method: {exact: POST}}', { path: '/a' }, false],
    ['{uri: {exact: /x}}, {uri: {exact: /y}}', { path: '/y' }, true],
  ];
  for (const [match, request, expected] of table) {
    it(`${match} ${expected ? 'fits' : 'does not fit'} ${JSON.stringify(request)}`, () => {
      assert.equal(fits(match, request), expected);
    });
  }
});

describe('the choice among VirtualServices', () => {
  const to = (host: string) => `[{route: [{destination: {host: ${host}}}]}]`;

  it('takes the first rule that matches, in the order of the list', () => {
    const http =
      '[{match: [{uri: {prefix: /}}], redirect: {uri: /x}}, {match: [{uri: {exact: /a}}], redirect: {uri: /y}}]';
    assert.equal(asked([virtualService('web', http)], { path: '/a' }), 'web 0');
  });

  it('says that nothing matches, and that nothing is for the host', () => {
    const documents = [virtualService('web', '[{match: [{uri: {exact: /a}}], redirect: {uri: /y}}]')];
    assert.equal(asked(documents, {}), 'none');
    assert.equal(asked(documents, { host: 'other.example.com' }), 'no route');
  });

  it('never goes past a rule that nobody can evaluate', () => {
    const http =
      '[{match: [{uri: {prefix: "{{ .Values.path }}"}}], redirect: {uri: /y}}, {route: [{destination: {host: a}}]}]';
    assert.equal(asked([virtualService('web', http)], {}), 'unknown at web 0');
    const broken = '[{match: [{uri: {regex: "("}}], redirect: {uri: /y}}]';
    assert.equal(asked([virtualService('web', broken)], {}), 'unknown at web 0');
  });

  it('prefers the most specific host, even where its rules do not match', () => {
    const documents = [
      virtualService('wide', to('a'), 'hosts: ["*.example.com"]'),
      virtualService('narrow', '[{match: [{uri: {exact: /a}}], redirect: {uri: /y}}]'),
    ];
    assert.equal(asked(documents, { path: '/a' }), 'narrow 0');
    assert.equal(asked(documents, {}), 'none');
    assert.equal(asked(documents, { host: 'other.example.com' }), 'wide 0');
  });

  it('follows a delegate under the conditions of both, past one that is missing or not exported', () => {
    const root = virtualService(
      'root',
      `[{match: [{uri: {prefix: /gone}}], delegate: {name: gone}},
         {match: [{uri: {prefix: /a}}], delegate: {name: part}}, {route: [{destination: {host: b}}]}]`,
    );
    const part = virtualService('part', '[{match: [{method: {exact: GET}}], route: [{destination: {host: a}}]}]', '');
    assert.equal(asked([root, part], { path: '/a/1' }), 'part 0');
    assert.equal(asked([root, part], { path: '/a/1', method: 'POST' }), 'root 2');
    assert.equal(asked([root, part], { path: '/gone' }), 'root 2');
    const hidden = virtualService('part', to('a'), 'exportTo: [other]');
    assert.equal(asked([root, hidden], { path: '/a' }), 'root 2');
  });

  it('does not run in circles with delegates', () => {
    const delegate = (name: string) => `[{delegate: {name: ${name}}}]`;
    const documents = [virtualService('a', delegate('b')), virtualService('b', delegate('a'), '')];
    const { choice, notes } = routeOf(worldOf(...documents), {
      host: 'shop.example.com',
      method: 'GET',
      path: '/',
      headers: {},
    });
    assert.equal(choice?.state, 'unknown');
    assert.deepEqual(notes, ['VirtualService shop/a delegates in a circle: shop/a, shop/b, shop/a.']);
  });
});

describe('the destinations of a VirtualService', () => {
  function outcome(rule: string) {
    const world = worldOf(virtualService('web', `[${rule}]`));
    const request = { host: 'shop.example.com', method: 'GET', path: '/', headers: {} };
    const winner = routeOf(world, request).choice?.rule;
    assert.ok(winner);
    const destinations = destinationsOf(world, winner);
    return { destinations, answer: ownAnswerOf(winner, destinations) };
  }

  it('have full names and weights', () => {
    const { destinations } = outcome(
      '{route: [{destination: {host: a, subset: v1, port: {number: 80}}, weight: 90}, {destination: {host: b.c.com}, weight: 10}]}',
    );
    assert.deepEqual(destinations.map(shownDestination), [
      { host: 'a.shop.svc.cluster.local', subset: 'v1', port: 80, weight: 90 },
      { host: 'b.c.com', subset: null, port: null, weight: 10 },
    ]);
    assert.equal(outcome('{route: [{destination: {host: a}}]}').destinations[0]?.weight, 1);
  });

  it('give way to what the proxy answers by itself', () => {
    assert.deepEqual(outcome('{redirect: {uri: /x}}').answer, { kind: 'redirect', status: 301 });
    assert.deepEqual(outcome('{directResponse: {status: 418}}').answer, { kind: 'direct-response', status: 418 });
    const fault = (value: number) =>
      outcome(`{route: [{destination: {host: a}}], fault: {abort: {httpStatus: 503, percentage: {value: ${value}}}}}`);
    assert.deepEqual(fault(100).answer, { kind: 'fault', status: 503 });
    assert.equal(fault(50).answer, undefined);
  });
});
