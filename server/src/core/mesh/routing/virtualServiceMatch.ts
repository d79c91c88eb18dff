import { gatewayName } from '../../model/traffic.ts';
import { at, bool, entriesOf, has, isTemplated, items, num, text } from '../../yaml/access.ts';
import type { Entry, YamlNode } from '../../yaml/tree.ts';
import { fullMatch } from '../fullMatch.ts';
import { every, not, some, type Truth, truthOf } from '../truth.ts';
import { headerValue, queryValue, type RouteRequest, splitPath } from './request.ts';

/** Where a VirtualService is read: by `mesh`, by gateways as `namespace/name`, or wherever (undefined). */
export type ReadBy = ReadonlySet<string> | undefined;

export interface MatchContext {
  readonly request: RouteRequest;
  readonly readBy: ReadBy;
  /** The namespace of the VirtualService. */
  readonly namespace: string;
  /** Waypoints drop what matches labels of the client. */
  readonly dropsSourceLabels: boolean;
  /** Waypoints know one name in TLS handshakes, that of the Service. */
  readonly onlySni?: string | undefined;
}

/** Whether some match of an HTTP rule of a VirtualService fits; a rule without matches takes every request. */
export function httpRuleFits(rule: YamlNode, context: MatchContext): Truth {
  const matches = items(rule, 'match');
  return matches.length === 0 ? 'yes' : some(matches, (match) => httpMatchFits(match, context));
}

function httpMatchFits(match: YamlNode, context: MatchContext): Truth {
  const { request } = context;
  const { path, query } = splitPath(request.path);
  const foldCase = bool(match, 'ignoreUriCase') ?? false;
  return every(
    [
      optional(at(match, 'uri'), (uri) => stringFits(uri, path, foldCase)),
      optional(at(match, 'method'), (method) => stringFits(method, request.method)),
      optional(at(match, 'scheme'), (scheme) => knownFits(scheme, request.scheme)),
      optional(at(match, 'authority'), (authority) => knownFits(authority, request.host)),
      every(entriesOf(at(match, 'headers')), (entry) => headerFits(entry, request)),
      every(entriesOf(at(match, 'withoutHeaders')), (entry) => not(headerFits(entry, request))),
      every(entriesOf(at(match, 'queryParams')), (entry) =>
        presentFits(entry.value, queryValue(query, entry.key.text)),
      ),
      optional(at(match, 'port'), (port) => numberFits(port, request.port)),
      sourceFits(match, context),
      gatewaysFit(match, context),
    ],
    (part) => part,
  );
}

function optional(node: YamlNode | undefined, test: (node: YamlNode) => Truth): Truth {
  return node ? test(node) : 'yes';
}

/** A StringMatch. An empty one has no kind of comparison; it asks for presence alone. */
function stringFits(match: YamlNode, actual: string, foldCase = false): Truth {
  if (isTemplated(match)) return 'unknown';
  const fold = (value: string) => (foldCase ? value.toLowerCase() : value);
  for (const kind of ['exact', 'prefix', 'regex'] as const) {
    if (!has(match, kind)) continue;
    const value = text(match, kind);
    if (value === undefined) return 'unknown';
    // `ignoreUriCase` does not reach into regular expressions.
    if (kind === 'regex') return fullMatch(value, actual);
    return truthOf(kind === 'exact' ? fold(actual) === fold(value) : fold(actual).startsWith(fold(value)));
  }
  return 'yes';
}

/** What the question leaves out is taken not to fit, as rules for particular clients or ports are exceptions. */
function knownFits(match: YamlNode, actual: string | undefined): Truth {
  return actual === undefined ? 'no' : stringFits(match, actual);
}

function presentFits(match: YamlNode, actual: string | undefined): Truth {
  return actual === undefined ? 'no' : stringFits(match, actual);
}

/** `:method` and its kind are names of pseudo-headers. */
function headerFits({ key, value }: Entry, request: RouteRequest): Truth {
  const pseudo: Readonly<Record<string, string | undefined>> = {
    ':method': request.method,
    ':path': request.path,
    ':authority': request.host,
    ':scheme': request.scheme,
  };
  const actual = Object.hasOwn(pseudo, key.text) ? pseudo[key.text] : headerValue(request.headers, key.text);
  return presentFits(value, actual);
}

export function numberFits(node: YamlNode, actual: number | undefined): Truth {
  const value = num(node);
  if (value === undefined) return 'unknown';
  return truthOf(value === actual);
}

export function sourceFits(match: YamlNode, { request, dropsSourceLabels }: MatchContext): Truth {
  const wantedNamespace = at(match, 'sourceNamespace');
  const namespaceFits = optional(wantedNamespace, (node) => {
    const value = text(node);
    return value === undefined ? 'unknown' : truthOf(value === request.sourceNamespace);
  });
  const wantedLabels = dropsSourceLabels ? [] : entriesOf(at(match, 'sourceLabels'));
  const labelsFit = every(wantedLabels, ({ key, value }) => {
    const label = text(value);
    return label === undefined ? 'unknown' : truthOf(request.sourceLabels?.get(key.text) === label);
  });
  return every([namespaceFits, labelsFit], (part) => part);
}

/** The gateways of a match replace those of the VirtualService. */
export function gatewaysFit(match: YamlNode, { readBy, namespace }: MatchContext): Truth {
  const named = items(match, 'gateways');
  if (named.length === 0 || !readBy) return 'yes';
  return some(named, (node) => {
    const name = text(node);
    return name === undefined ? 'unknown' : truthOf(readBy.has(gatewayKey(name, namespace)));
  });
}

/** `mesh`, or `namespace/name` of a Gateway as a VirtualService of a namespace names it. */
export function gatewayKey(written: string, namespace: string): string {
  if (written === 'mesh') return written;
  const named = gatewayName(written, namespace);
  return `${named.namespace}/${named.gateway}`;
}
