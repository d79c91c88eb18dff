import type { Located } from '../../model/located.ts';
import { isRoute } from '../../model/routes.ts';
import type { World } from '../../model/world.ts';
import { at, items, text } from '../../yaml/access.ts';
import type { YamlNode } from '../../yaml/tree.ts';
import { AUTHORIZATION_POLICY } from '../linkerdAuthorizations.ts';
import { policyTarget } from '../linkerdTargets.ts';
import { isHttpPort } from '../paths/speech.ts';
import type { HttpRequest, RequestTarget } from '../paths/vocabulary.ts';

/** What a request says so that a resource matches it: taken from the rule at a place of the resource, or its first. */

export const ANY_HTTP: HttpRequest = { method: 'GET', path: '/' };

/**
 * The HTTP of a request that a resource matches. `offset` is one of its document. Undefined where the resource is about
 * connections, and where the target speaks something else.
 */
export function httpFor(world: World, located: Located, to: RequestTarget, offset: number): HttpRequest | undefined {
  if (!speaksHttp(world, to)) return undefined;
  if (located.kindKey === 'networking.istio.io/VirtualService') return ofVirtualService(located, offset);
  if (isRoute(located)) return ofRoute(located, offset);
  if (located.kindKey === 'security.istio.io/AuthorizationPolicy') return ofPolicy(located, offset);
  const target = located.kindKey === AUTHORIZATION_POLICY ? policyTarget(located) : undefined;
  const route = target && world.find(target.key, target.namespace, target.name);
  if (route && isRoute(route)) return ofRoute(route, 0);
  return ANY_HTTP;
}

function speaksHttp(world: World, to: RequestTarget): boolean {
  if (!('service' in to)) return true;
  const [namespace = '', name = ''] = to.service.split('/');
  const port = world.service(namespace, name)?.ports.find((candidate) => candidate.port === to.port);
  return port === undefined || isHttpPort(port);
}

function ruleAt(rules: readonly YamlNode[], offset: number): YamlNode | undefined {
  return rules.find(({ start, end }) => start <= offset && offset <= end);
}

function ofVirtualService({ root }: Located, offset: number): HttpRequest | undefined {
  const http = items(root, 'spec', 'http');
  const others = [...items(root, 'spec', 'tcp'), ...items(root, 'spec', 'tls')];
  const rule = ruleAt([...http, ...others], offset) ?? http[0] ?? others[0];
  if (rule && others.includes(rule)) return undefined;
  const matches = items(rule, 'match');
  const match = ruleAt(matches, offset) ?? matches[0];
  const host = literalHost(at(match, 'authority', 'exact')) ?? literalHost(at(root, 'spec', 'hosts', 0));
  const written = (key: string) => text(match, key, 'exact') ?? text(match, key, 'prefix');
  return withParts({
    method: written('method') ?? 'GET',
    path: rooted(written('uri')),
    // A short name is that of a Service, which requests have in their Host without being told.
    host: host?.includes('.') ? host : undefined,
    headers: headersOf(match),
  });
}

function headersOf(match: YamlNode | undefined): [string, string][] {
  const headers = at(match, 'headers');
  if (headers?.kind !== 'map') return [];
  return headers.entries.flatMap(({ key, value }): [string, string][] => {
    const wanted = text(value, 'exact') ?? text(value, 'prefix');
    return wanted === undefined ? [] : [[key.text.toLowerCase(), wanted]];
  });
}

const CONNECTION_ROUTES = new Set(['TCPRoute', 'TLSRoute', 'UDPRoute']);

function ofRoute({ root, resource }: Located, offset: number): HttpRequest | undefined {
  if (CONNECTION_ROUTES.has(resource.kind)) return undefined;
  const rules = items(root, 'spec', 'rules');
  const rule = ruleAt(rules, offset) ?? rules[0];
  const matches = items(rule, 'matches');
  const match = ruleAt(matches, offset) ?? matches[0];
  const service = text(match, 'method', 'service');
  const grpc = service === undefined ? undefined : `/${service}/${text(match, 'method', 'method') ?? ''}`;
  const path = text(match, 'path', 'type') === 'RegularExpression' ? undefined : text(match, 'path', 'value');
  const isGrpc = resource.kind === 'GRPCRoute';
  return withParts({
    method: isGrpc ? 'POST' : (text(match, 'method') ?? 'GET'),
    path: rooted(grpc ?? path),
    host: literalHost(at(root, 'spec', 'hostnames', 0)),
    headers: items(match, 'headers').flatMap((header): [string, string][] => {
      const name = text(header, 'name');
      const value = text(header, 'value');
      const exact = (text(header, 'type') ?? 'Exact') === 'Exact';
      return name !== undefined && value !== undefined && exact ? [[name.toLowerCase(), value]] : [];
    }),
  });
}

/** What the first operation of a rule asks for. */
function ofPolicy({ root }: Located, offset: number): HttpRequest {
  const rules = items(root, 'spec', 'rules');
  const rule = ruleAt(rules, offset) ?? rules[0];
  const operation = at(rule, 'to', 0, 'operation');
  const path = text(operation, 'paths', 0);
  return withParts({
    method: text(operation, 'methods', 0) ?? 'GET',
    path: rooted(path?.includes('{') ? undefined : path?.replace(/\*$/, '')),
    host: literalHost(at(operation, 'hosts', 0)),
    headers: [],
  });
}

interface Parts {
  readonly method: string;
  readonly path: string;
  readonly host: string | undefined;
  readonly headers: readonly (readonly [string, string])[];
}

function withParts({ method, path, host, headers }: Parts): HttpRequest {
  return {
    method: method === '*' ? 'GET' : method,
    path,
    ...(host === undefined ? {} : { host }),
    ...(headers.length > 0 ? { headers: Object.fromEntries(headers) } : {}),
  };
}

/** A host as written, or one that its wildcard covers; `*` says nothing. */
function literalHost(node: YamlNode | undefined): string | undefined {
  const host = text(node);
  if (host === undefined || host === '*' || host === '') return undefined;
  return host.startsWith('*.') ? `www${host.slice(1)}` : host;
}

function rooted(path: string | undefined): string {
  return path?.startsWith('/') ? path : '/';
}
