import { fullHost } from '../../model/hosts.ts';
import { at, entriesOf, has, items, text } from '../../yaml/access.ts';
import type { YamlNode } from '../../yaml/tree.ts';
import { replaceMatches } from '../fullMatch.ts';
import type { HttpRequest } from '../paths/vocabulary.ts';
import type { RouteRule } from './choice.ts';
import { matchFits } from './inbound.ts';
import { splitPath } from './request.ts';

/** What a rule makes of a request before it sends it on: another path, another host, other headers. */

/**
 * The request as the next hop gets it; undefined where files do not say what becomes of it. `destination` is the item
 * of the rule that it is sent to, which may change headers as well. What the rule says comes later, as in Envoy.
 */
export function changedRequest(rule: RouteRule, http: HttpRequest, destination?: YamlNode): HttpRequest | undefined {
  if (rule.route.resource.kind === 'VirtualService') {
    return byVirtualService(rule.node, withHeaders(http, headersOf(destination)));
  }
  const modifiers = items(destination, 'filters').map((filter) => modifierOf(at(filter, 'requestHeaderModifier')));
  return byFilters(rule, modifiers.reduce(withHeaders, http), http);
}

interface HeaderChange {
  readonly set: readonly (readonly [name: string, value: string])[];
  readonly add: readonly (readonly [name: string, value: string])[];
  readonly remove: readonly string[];
}

/** Names of headers are the same in capitals and in small letters. */
function withHeaders(http: HttpRequest, { set, add, remove }: HeaderChange): HttpRequest {
  const gone = new Set([...remove, ...set.map(([name]) => name)].map((name) => name.toLowerCase()));
  const headers = new Map(Object.entries(http.headers ?? {}).filter(([name]) => !gone.has(name.toLowerCase())));
  for (const [name, value] of set) headers.set(name.toLowerCase(), value);
  for (const [name, value] of add) {
    const known = [...headers].find(([key]) => key.toLowerCase() === name.toLowerCase());
    headers.set(known?.[0] ?? name.toLowerCase(), known ? `${known[1]},${value}` : value);
  }
  return { ...http, headers: Object.fromEntries(headers) };
}

function byVirtualService(node: YamlNode, http: HttpRequest): HttpRequest | undefined {
  const rewrite = at(node, 'rewrite');
  const { path, query } = splitPath(http.path);
  const rewritten = rewrite ? pathByVirtualService(node, rewrite, path) : path;
  if (rewritten === undefined) return undefined;
  const host = text(rewrite, 'authority') ?? http.host;
  return withHeaders(
    { ...http, path: withQuery(rewritten, query), ...(host === undefined ? {} : { host }) },
    headersOf(node),
  );
}

/** What a rule of a VirtualService, or one of its destinations, does to the headers of requests. */
function headersOf(node: YamlNode | undefined): HeaderChange {
  const headers = at(node, 'headers', 'request');
  return {
    set: pairsOf(at(headers, 'set')),
    add: pairsOf(at(headers, 'add')),
    remove: items(headers, 'remove').flatMap((name) => text(name) ?? []),
  };
}

function pairsOf(map: YamlNode | undefined): (readonly [string, string])[] {
  return entriesOf(map).flatMap(({ key, value }) => {
    const written = text(value);
    return written === undefined ? [] : [[key.text, written] as const];
  });
}

function withQuery(path: string, query: string): string {
  return query === '' ? path : `${path}?${query}`;
}

function pathByVirtualService(node: YamlNode, rewrite: YamlNode, path: string): string | undefined {
  const expression = at(rewrite, 'uriRegexRewrite');
  if (expression) {
    const [pattern, replacement] = [text(expression, 'match'), text(expression, 'rewrite')];
    return pattern === undefined ? undefined : replaceMatches(pattern, path, replacement ?? '');
  }
  if (!has(rewrite, 'uri')) return path;
  const uri = text(rewrite, 'uri');
  if (uri === undefined) return undefined;
  const prefix = matchedPrefix(node, path);
  if (prefix === undefined) return uri;
  const rest = path.slice(prefix.length);
  // So that no path begins with two slashes.
  return uri === '/' && rest.startsWith('/') ? rest : `${uri}${rest}`;
}

/** The prefix by which the rule took the path; undefined where it took the whole of it. */
function matchedPrefix(node: YamlNode, path: string): string | undefined {
  const matches = items(node, 'match').map((match) => at(match, 'uri'));
  if (matches.length === 0 || matches.some((uri) => !uri)) return '/';
  return matches.flatMap((uri) => text(uri, 'prefix') ?? []).find((prefix) => path.startsWith(prefix));
}

function byFilters(rule: RouteRule, sent: HttpRequest, original: HttpRequest): HttpRequest | undefined {
  let changed: HttpRequest | undefined = sent;
  for (const filter of items(rule.node, 'filters')) {
    if (!changed) return undefined;
    const type = text(filter, 'type');
    if (type === 'RequestHeaderModifier')
      changed = withHeaders(changed, modifierOf(at(filter, 'requestHeaderModifier')));
    if (type === 'URLRewrite') changed = byUrlRewrite(rule, at(filter, 'urlRewrite'), changed, original);
  }
  return changed;
}

function modifierOf(modifier: YamlNode | undefined): HeaderChange {
  const named = (field: string) =>
    items(modifier, field).flatMap((entry) => {
      const [name, value] = [text(entry, 'name'), text(entry, 'value')];
      return name === undefined || value === undefined ? [] : [[name, value] as const];
    });
  return {
    set: named('set'),
    add: named('add'),
    remove: items(modifier, 'remove').flatMap((node) => text(node) ?? []),
  };
}

function byUrlRewrite(
  rule: RouteRule,
  rewrite: YamlNode | undefined,
  changed: HttpRequest,
  original: HttpRequest,
): HttpRequest | undefined {
  const host = text(rewrite, 'hostname') ?? changed.host;
  const { path, query } = splitPath(original.path);
  const written = at(rewrite, 'path');
  const rewritten = written ? pathByFilter(rule, written, path, original) : path;
  if (rewritten === undefined) return undefined;
  return { ...changed, path: withQuery(rewritten, query), ...(host === undefined ? {} : { host }) };
}

function pathByFilter(rule: RouteRule, written: YamlNode, path: string, original: HttpRequest): string | undefined {
  if (text(written, 'type') === 'ReplaceFullPath') return text(written, 'replaceFullPath');
  const replacement = text(written, 'replacePrefixMatch');
  const prefix = prefixOf(rule, original);
  if (replacement === undefined || prefix === undefined) return undefined;
  // Whole segments are replaced, however many slashes are written at their ends.
  const rest = path.slice(prefix.replace(/\/$/, '').length);
  const head = replacement.replace(/\/$/, '');
  return rest === '' ? (replacement === '' ? '/' : replacement) : `${head}${rest}`;
}

/** The longest prefix among the matches that took the request. */
function prefixOf({ route, node }: RouteRule, http: HttpRequest): string | undefined {
  const matches = items(node, 'matches');
  if (matches.length === 0) return '/';
  const prefixes = matches
    .filter((match) => matchFits(route, match, http) === 'yes')
    .flatMap((match) => {
      const path = at(match, 'path');
      return (text(path, 'type') ?? 'PathPrefix') === 'PathPrefix' ? [text(path, 'value') ?? '/'] : [];
    });
  return prefixes.toSorted((a, b) => b.length - a.length)[0];
}

/** The hosts that get copies of what a rule takes. What they answer is thrown away. */
export function mirrorsOf({ route, node }: RouteRule): string[] {
  if (route.resource.kind === 'VirtualService') {
    const destinations = items(node, 'mirrors').map((mirror) => at(mirror, 'destination'));
    return [at(node, 'mirror'), ...destinations].flatMap((destination) => {
      const host = text(destination, 'host');
      return host === undefined ? [] : [fullHost(host, route.namespace)];
    });
  }
  return items(node, 'filters').flatMap((filter) => {
    const backend = at(filter, 'requestMirror', 'backendRef');
    const name = text(backend, 'name');
    return name === undefined ? [] : [fullHost(name, text(backend, 'namespace') || route.namespace)];
  });
}
