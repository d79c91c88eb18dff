import type { Located } from '../../model/located.ts';
import { at, has, items, text } from '../../yaml/access.ts';
import type { YamlNode } from '../../yaml/tree.ts';
import { fullMatch } from '../fullMatch.ts';
import type { HttpRequest } from '../paths/vocabulary.ts';
import { every, some, type Truth, truthOf } from '../truth.ts';
import { headerValue, queryValue, splitPath } from './request.ts';

/** Whether some rule of an HTTPRoute or GRPCRoute matches a request; a rule without matches takes every request. */
export function routeMatchesRequest(route: Located, http: HttpRequest | undefined): Truth {
  if (!http) return 'no';
  return some(items(route.root, 'spec', 'rules'), (rule) => {
    const matches = items(rule, 'matches');
    return matches.length === 0 ? 'yes' : some(matches, (match) => matchFits(route, match, http));
  });
}

/** Whether one match of a rule of an HTTPRoute or GRPCRoute fits. */
export function matchFits(route: Located, match: YamlNode, http: HttpRequest): Truth {
  return route.resource.kind === 'GRPCRoute' ? grpcFits(match, http) : httpFits(match, http);
}

function httpFits(match: YamlNode, http: HttpRequest): Truth {
  const method = at(match, 'method');
  const { path, query } = splitPath(http.path);
  return every(
    [
      method ? equalsText(method, http.method) : 'yes',
      pathFits(at(match, 'path'), path),
      every(items(match, 'headers'), (header) => headerFits(header, http)),
      every(items(match, 'queryParams'), (param) => valueFits(param, queryValue(query, text(param, 'name') ?? ''))),
    ],
    (part) => part,
  );
}

function pathFits(path: YamlNode | undefined, wanted: string): Truth {
  if (!path) return 'yes';
  const value = has(path, 'value') ? text(path, 'value') : '/';
  if (value === undefined) return 'unknown';
  switch (text(path, 'type') ?? 'PathPrefix') {
    case 'Exact':
      return truthOf(wanted === value);
    case 'PathPrefix': {
      // Whole segments: `/a` holds `/a` and `/a/b`, but not `/ab`.
      const prefix = value.endsWith('/') ? value.slice(0, -1) : value;
      return truthOf(wanted === prefix || wanted.startsWith(`${prefix}/`));
    }
    case 'RegularExpression':
      return fullMatch(value, wanted);
    default:
      return 'unknown';
  }
}

function headerFits(header: YamlNode, { headers = {} }: HttpRequest): Truth {
  const name = text(header, 'name');
  if (name === undefined) return 'unknown';
  return valueFits(header, headerValue(headers, name));
}

function valueFits(match: YamlNode, actual: string | undefined): Truth {
  const value = text(match, 'value');
  if (value === undefined) return 'unknown';
  if (actual === undefined) return 'no';
  return text(match, 'type') === 'RegularExpression' ? fullMatch(value, actual) : truthOf(value === actual);
}

/** The path of a gRPC request is `/package.Service/Method`. */
function grpcFits(match: YamlNode, http: HttpRequest): Truth {
  const [, service = '', method = ''] = http.path.split('/');
  const called = at(match, 'method');
  return every(
    [
      partFits(called, 'service', service),
      partFits(called, 'method', method),
      every(items(match, 'headers'), (header) => headerFits(header, http)),
    ],
    (part) => part,
  );
}

function partFits(called: YamlNode | undefined, part: 'service' | 'method', actual: string): Truth {
  if (!has(called, part)) return 'yes';
  const value = text(called, part);
  if (value === undefined) return 'unknown';
  return text(called, 'type') === 'RegularExpression' ? fullMatch(value, actual) : truthOf(value === actual);
}

function equalsText(node: YamlNode, actual: string): Truth {
  const value = text(node);
  return value === undefined ? 'unknown' : truthOf(value === actual);
}
