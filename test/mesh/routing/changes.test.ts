import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { changedRequest, mirrorsOf } from '../../../server/src/core/mesh/routing/changes.ts';
import type { RouteRule } from '../../../server/src/core/mesh/routing/choice.ts';
import { items } from '../../../server/src/core/yaml/access.ts';
import { parseDocument } from '../../../server/src/core/yaml/parse.ts';
import { the, worldOf } from '../worldOf.ts';

/** What rules make of a request before they send it on. */

function virtualServiceRule(rule: string): RouteRule {
  const world = worldOf(`
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: web, namespace: shop}
spec: {hosts: [web], http: [${rule}]}`);
  return firstRule(the(world, 'networking.istio.io/VirtualService', 'shop', 'web'), 'http');
}

function httpRouteRule(rule: string): RouteRule {
  const world = worldOf(`
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: web, namespace: shop}
spec: {rules: [${rule}]}`);
  return firstRule(the(world, 'gateway.networking.k8s.io/HTTPRoute', 'shop', 'web'), 'rules');
}

function firstRule(route: RouteRule['route'], field: string): RouteRule {
  const [node] = items(route.root, 'spec', field);
  assert.ok(node);
  return { route, index: 0, node };
}

function pathBehind(rule: RouteRule, path: string): string | undefined {
  return changedRequest(rule, { method: 'GET', path })?.path;
}

describe('what a VirtualService makes of a path', () => {
  const table: readonly [rule: string, path: string, expected: string | undefined][] = [
    ['{match: [{uri: {prefix: /api}}], rewrite: {uri: /v2}}', '/api/list?q=1', '/v2/list?q=1'],
    ['{match: [{uri: {prefix: /api/}}], rewrite: {uri: /}}', '/api/list', '/list'],
    ['{match: [{uri: {prefix: /api}}], rewrite: {uri: /}}', '/api/list', '/list'],
    ['{match: [{uri: {prefix: /api}}], rewrite: {uri: /}}', '/api', '/'],
    ['{match: [{uri: {exact: /api}}], rewrite: {uri: /v2}}', '/api', '/v2'],
    ['{match: [{uri: {regex: "/a.*"}}], rewrite: {uri: /v2}}', '/api/list', '/v2'],
    ['{rewrite: {uri: /v2/}}', '/api', '/v2/api'],
    ['{rewrite: {authority: x}}', '/api', '/api'],
    ['{rewrite: {uriRegexRewrite: {match: "^/(\\\\w+)/(\\\\w+)$", rewrite: "/\\\\2/\\\\1"}}}', '/a/b?q', '/b/a?q'],
    ['{rewrite: {uriRegexRewrite: {match: b, rewrite: "$1"}}}', '/a/b', '/a/$1'],
    ['{rewrite: {uriRegexRewrite: {match: "(", rewrite: x}}}', '/a', undefined],
    ['{rewrite: {uriRegexRewrite: {match: a, rewrite: "\\\\7"}}}', '/a', undefined],
    ['{rewrite: {uri: "{{ .Values.path }}"}}', '/a', undefined],
    ['{match: 3, rewrite: 7}', '/a', '/a'],
  ];
  for (const [rule, path, expected] of table) {
    it(`${rule}: ${path} becomes ${expected ?? 'unknown'}`, () => {
      assert.equal(pathBehind(virtualServiceRule(rule), path), expected);
    });
  }
});

describe('what the filters of an HTTPRoute make of a path', () => {
  const rewrite = (path: string) => `filters: [{type: URLRewrite, urlRewrite: {path: {${path}}}}]`;
  const prefix = (value: string) => rewrite(`type: ReplacePrefixMatch, replacePrefixMatch: ${value}`);
  const table: readonly [rule: string, path: string, expected: string | undefined][] = [
    [`{matches: [{path: {value: /foo}}], ${prefix('/bar')}}`, '/foo/x?q=1', '/bar/x?q=1'],
    [`{matches: [{path: {value: /foo/}}], ${prefix('/bar')}}`, '/foo/x', '/bar/x'],
    [`{matches: [{path: {value: /foo}}], ${prefix('/bar/')}}`, '/foo/x', '/bar/x'],
    [`{matches: [{path: {value: /foo}}], ${prefix('/bar')}}`, '/foo', '/bar'],
    [`{matches: [{path: {value: /foo}}], ${prefix('/')}}`, '/foo/x', '/x'],
    [`{matches: [{path: {value: /foo}}], ${prefix('/')}}`, '/foo', '/'],
    [`{matches: [{path: {value: /foo}}], ${prefix('""')}}`, '/foo', '/'],
    [`{matches: [{path: {value: /}}, {path: {value: /foo}}], ${prefix('/bar')}}`, '/foo/x', '/bar/x'],
    [`{${prefix('/bar')}}`, '/foo', '/bar/foo'],
    [`{matches: [{path: {type: Exact, value: /foo}}], ${prefix('/bar')}}`, '/foo', undefined],
    [`{${rewrite('type: ReplaceFullPath, replaceFullPath: /bar')}}`, '/foo/x?q', '/bar?q'],
    [`{${rewrite('type: ReplaceFullPath')}}`, '/foo', undefined],
    ['{filters: [{type: URLRewrite}, {type: Other}, 3]}', '/foo', '/foo'],
  ];
  for (const [rule, path, expected] of table) {
    it(`${rule}: ${path} becomes ${expected ?? 'unknown'}`, () => {
      assert.equal(pathBehind(httpRouteRule(rule), path), expected);
    });
  }
});

describe('what rules make of headers and of the host', () => {
  const request = { method: 'GET', path: '/', headers: { 'X-Old': '1', Keep: 'k' } };

  it('is the same for VirtualServices and for filters', () => {
    const expected = { 'x-new': 'n', keep: undefined, Keep: 'k,more', 'x-one': '1' };
    const modifier =
      'set: [{name: X-New, value: n}], add: [{name: keep, value: more}, {name: x-one, value: "1"}], remove: [x-old]';
    const byFilter = changedRequest(
      httpRouteRule(`{filters: [{type: RequestHeaderModifier, requestHeaderModifier: {${modifier}}}]}`),
      request,
    );
    const byHeaders = changedRequest(
      virtualServiceRule('{headers: {request: {set: {X-New: n}, add: {keep: more, x-one: "1"}, remove: [x-old]}}}'),
      request,
    );
    for (const changed of [byFilter, byHeaders]) assert.deepEqual({ keep: undefined, ...changed?.headers }, expected);
  });

  it('counts headers of the destination, and the rule has the last word', () => {
    const toCanary = '{headers: {request: {set: {stage: canary, tier: b}}}}';
    const byHeaders = changedRequest(
      virtualServiceRule('{headers: {request: {set: {tier: a}}}}'),
      { method: 'GET', path: '/' },
      parseDocument(toCanary).root ?? undefined,
    );
    assert.deepEqual(byHeaders?.headers, { stage: 'canary', tier: 'a' });
    const modifier = 'set: [{name: stage, value: canary}], remove: [x-old]';
    const backend = `{filters: [{type: RequestHeaderModifier, requestHeaderModifier: {${modifier}}}]}`;
    const byFilter = changedRequest(
      // It still counts what the request was matched by.
      httpRouteRule(
        '{matches: [{path: {value: /old}, headers: [{name: x-old, value: "1"}]}], filters: [{type: URLRewrite, urlRewrite: {path: {type: ReplacePrefixMatch, replacePrefixMatch: /new}}}]}',
      ),
      { method: 'GET', path: '/old/a', headers: { 'x-old': '1' } },
      parseDocument(backend).root ?? undefined,
    );
    assert.deepEqual(byFilter, { method: 'GET', path: '/new/a', headers: { stage: 'canary' } });
  });

  it('rewrites the host', () => {
    assert.equal(changedRequest(virtualServiceRule('{rewrite: {authority: a.example}}'), request)?.host, 'a.example');
    const filter = httpRouteRule('{filters: [{type: URLRewrite, urlRewrite: {hostname: a.example}}]}');
    assert.equal(changedRequest(filter, request)?.host, 'a.example');
    assert.equal(changedRequest(httpRouteRule('{}'), { ...request, host: 'b.example' })?.host, 'b.example');
  });

  it('copies requests to mirrors', () => {
    const rule = virtualServiceRule('{mirror: {host: a}, mirrors: [{destination: {host: b.other.svc.cluster.local}}]}');
    assert.deepEqual(mirrorsOf(rule), ['a.shop.svc.cluster.local', 'b.other.svc.cluster.local']);
    const filter = '{type: RequestMirror, requestMirror: {backendRef: {name: a, namespace: other, port: 80}}}';
    assert.deepEqual(mirrorsOf(httpRouteRule(`{filters: [${filter}, {type: RequestMirror}]}`)), [
      'a.other.svc.cluster.local',
    ]);
  });
});
