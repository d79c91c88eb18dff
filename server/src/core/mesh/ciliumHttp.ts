import { has, items, text } from '../yaml/access.ts';
import type { YamlNode } from '../yaml/tree.ts';
import { fullMatch } from './fullMatch.ts';
import { every, type Truth, truthOf } from './truth.ts';

/** What rules of Cilium's policies ask of HTTP requests. */

export interface CiliumHttp {
  readonly method: string;
  readonly path: string;
  readonly host: string | undefined;
  readonly headers: Readonly<Record<string, string>>;
}

/** Expressions match the whole text, and what is absent matches everything. */
export function httpFits(condition: YamlNode, http: CiliumHttp): Truth {
  const fields = [
    ['method', http.method],
    ['path', http.path],
    ['host', http.host],
  ] as const;
  const named = every(fields, ([field, value]) => {
    if (!has(condition, field)) return 'yes';
    const pattern = text(condition, field);
    return pattern === undefined || value === undefined ? 'unknown' : fullMatch(pattern, value);
  });
  const headers = every(items(condition, 'headers'), (header) => headerFits(text(header), http));
  const matches = every(items(condition, 'headerMatches'), (match) => headerMatchFits(match, http));
  return every([named, headers, matches], (truth) => truth);
}

/** `X-Team: blue` asks for the value, `X-Team` for the header. */
function headerFits(written: string | undefined, http: CiliumHttp): Truth {
  if (written === undefined) return 'unknown';
  const space = written.indexOf(' ');
  const name = (space === -1 ? written : written.slice(0, space)).replace(/:$/, '');
  const value = headerOf(http, name);
  return truthOf(value !== undefined && (space === -1 || value === written.slice(space + 1)));
}

/** With an action for a mismatch the request is changed, and never refused. A value may be in a Secret. */
function headerMatchFits(match: YamlNode, http: CiliumHttp): Truth {
  if (has(match, 'mismatch')) return 'yes';
  const name = text(match, 'name');
  if (name === undefined || has(match, 'secret')) return 'unknown';
  const [value, wanted] = [headerOf(http, name), text(match, 'value')];
  return truthOf(value !== undefined && (wanted === undefined || value === wanted));
}

function headerOf({ headers }: CiliumHttp, name: string): string | undefined {
  const lower = name.toLowerCase();
  return Object.entries(headers).find(([key]) => key.toLowerCase() === lower)?.[1];
}
