import type { Labels } from '../../model/labels.ts';

// Which rule of which route wins for a request: matching, ranking, and where the winner sends it. What a proxy on a path
// reads of it is decided in `paths/routing.ts`.

/** What a proxy reads of the traffic, and the part of a VirtualService that is for it. */
export type Section = 'http' | 'tls' | 'tcp';

/** A request as routes see it. What is undefined is not known, or was not asked about. */
export interface RouteRequest {
  /** The Host without a port. Undefined where the route is reached by what it is attached to. */
  readonly host: string | undefined;
  readonly method: string;
  /** With the query, if there is one. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly port?: number | undefined;
  readonly scheme?: string | undefined;
  readonly sourceLabels?: Labels | undefined;
  readonly sourceNamespace?: string | undefined;
  /** HTTP where nothing else is said. */
  readonly section?: Section | undefined;
  /** The name in the TLS handshake. */
  readonly sni?: string | undefined;
  /** The addresses that the destination has, as far as files say. */
  readonly addresses?: readonly string[];
}

/** `/a` and `x=1` of `/a?x=1`. */
export function splitPath(path: string): { readonly path: string; readonly query: string } {
  const mark = path.indexOf('?');
  return mark === -1 ? { path, query: '' } : { path: path.slice(0, mark), query: path.slice(mark + 1) };
}

export function queryValue(query: string, name: string): string | undefined {
  const found = query.split('&').find((part) => part === name || part.startsWith(`${name}=`));
  return found?.slice(name.length + 1);
}

export function headerValue(headers: RouteRequest['headers'], name: string): string | undefined {
  const wanted = name.toLowerCase();
  return Object.entries(headers).find(([key]) => key.toLowerCase() === wanted)?.[1];
}

/** `example.com` and 8080 of `example.com:8080`. */
export function splitHost(written: string): { readonly host: string; readonly port: number | undefined } {
  const [, host = written, port] = /^(.*):(\d{1,5})$/.exec(written) ?? [];
  return { host: host.toLowerCase(), port: port === undefined ? undefined : Number(port) };
}
