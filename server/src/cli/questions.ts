import { resolve } from 'node:path';
import type { Hypothesis } from '../core/mesh/paths/context.ts';
import { HYPOTHESES } from '../core/mesh/paths/context.ts';
import { readText } from '../disk/readText.ts';
import { type PathRequestJson, readRequests } from '../protocol/path.ts';
import type { OptionSpec, Parsed } from './options.ts';
import { type Terminal, UsageError } from './terminal.ts';

/** What `path` and `access` are asked: one request by options, or those of a file. */

export const QUESTION_OPTIONS: Readonly<Record<string, OptionSpec>> = {
  from: { type: 'value' },
  to: { type: 'value' },
  method: { type: 'value' },
  path: { type: 'value' },
  host: { type: 'value' },
  header: { type: 'list' },
  request: { type: 'value' },
  as: { type: 'value', choices: HYPOTHESES },
  config: { type: 'value' },
};

const MAX_REQUESTS_LENGTH = 4 * 1024 * 1024;

/** The requests of a command line. Throws a `UsageError` that names the option, or the file and the place in it. */
export async function questionsOf({ values, lists }: Parsed, terminal: Terminal): Promise<PathRequestJson[]> {
  const file = values.get('request');
  if (file !== undefined) return requestsIn(file, terminal);
  const from = values.get('from');
  const to = values.get('to');
  if (from === undefined || to === undefined) {
    throw new UsageError('say which request is meant with --from and --to, or with --request and a file');
  }
  const http = httpOf(values, lists.get('header') ?? []);
  return [{ from, to: targetOf(to), ...(http ? { http } : {}) }];
}

export function hypothesisOf({ values }: Parsed): Hypothesis | undefined {
  return HYPOTHESES.find((hypothesis) => hypothesis === values.get('as'));
}

async function requestsIn(file: string, terminal: Terminal): Promise<PathRequestJson[]> {
  const content = await readText(resolve(terminal.cwd, file), MAX_REQUESTS_LENGTH);
  if (content.kind !== 'text') throw new UsageError(`cannot read the requests "${file}"`);
  let parsed: unknown;
  try {
    parsed = JSON.parse(content.text);
  } catch (error) {
    throw new UsageError(`${file} is not JSON: ${error instanceof Error ? error.message : error}`);
  }
  try {
    return readRequests(parsed);
  } catch (error) {
    if (error instanceof TypeError) throw new UsageError(`${file}: ${error.message}`);
    throw error;
  }
}

const TARGET = /^(service|pod|host):(.+):(\d{1,5})$/;

function targetOf(written: string): PathRequestJson['to'] {
  const [, kind, name = '', digits] = TARGET.exec(written) ?? [];
  const port = Number(digits);
  if (kind === 'service') return { service: name, port };
  if (kind === 'pod') return { pod: name, port };
  if (kind === 'host') return { host: name, port };
  throw new UsageError(
    `--to cannot be "${written}": it is service:namespace/name:port, pod:namespace/workload:port or host:name:port`,
  );
}

/** Any part of a request makes it one of HTTP; what is not said is a GET of `/`. */
function httpOf(values: ReadonlyMap<string, string>, headers: readonly string[]): PathRequestJson['http'] {
  const [method, path, host] = ['method', 'path', 'host'].map((name) => values.get(name));
  if (method === undefined && path === undefined && host === undefined && headers.length === 0) return undefined;
  if (path !== undefined && !path.startsWith('/'))
    throw new UsageError(`--path must begin with a slash, not "${path}"`);
  return {
    method: (method ?? 'GET').toUpperCase(),
    path: path ?? '/',
    ...(host === undefined ? {} : { host }),
    ...(headers.length === 0 ? {} : { headers: headersOf(headers) }),
  };
}

export function headersOf(written: readonly string[]): Record<string, string> {
  return Object.fromEntries(written.map(headerOf));
}

function headerOf(written: string): [string, string] {
  const equals = written.indexOf('=');
  if (equals < 1) throw new UsageError(`--header must be name=value, not "${written}"`);
  return [written.slice(0, equals).toLowerCase(), written.slice(equals + 1)];
}
