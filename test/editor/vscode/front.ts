import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import path from 'node:path';
import type { Duplex } from 'node:stream';
import type { EditorServer } from './server.ts';

export interface Front {
  /** The page of a VS Code that has no server behind it, with the workspace open in it. */
  address: string;
  stop(): void;
}

/** What a page under test gets. */
export interface Mounts {
  /** Folders of extensions under development; the page sees them at `/__extension/<name>/`. */
  extensions: Record<string, string>;
  /** Settings: without a server behind it the page reads no settings file. */
  settings: Record<string, unknown>;
  /** The folder that the extension of `../webFiles` shows as the workspace, through `/__files/`. */
  workspace: string;
}

const MEDIA_TYPES: Record<string, string> = {
  '.css': 'text/css',
  '.js': 'text/javascript',
  '.cjs': 'text/javascript',
  '.json': 'application/json',
};
const PAGE_CONFIGURATION = /(id="vscode-workbench-web-configuration" data-settings=")([^"]*)"/;
const REMOTE_AUTHORITY = /\{\.\.\.(JSON\.parse\(\w+\)),\s*remoteAuthority:\s*location\.host\}/;

/**
 * Stands before the VS Code server and makes its page one of VS Code for the Web: no remote machine, extensions in a
 * web worker only. A web extension under development has to come from the page's own address and be named in the
 * page's configuration, so both go through here.
 */
export async function startFront(server: EditorServer, mounts: Mounts): Promise<Front> {
  const front = createServer((incoming, response) => {
    answer(incoming, response, server, mounts).catch((error: unknown) => {
      response.writeHead(500).end(String(error));
    });
  });
  front.on('upgrade', (incoming: IncomingMessage, socket: Duplex, head: Buffer) =>
    tunnel(incoming, socket, head, server),
  );
  await new Promise<void>((resolve) => front.listen(0, '127.0.0.1', resolve));
  const { port } = front.address() as AddressInfo;
  const address = new URL(`http://127.0.0.1:${port}/`);
  address.searchParams.set('tkn', server.token);
  address.searchParams.set('folder', 'webfiles:/');
  const stop = () => {
    front.closeAllConnections();
    front.close();
  };
  return { address: address.href, stop };
}

async function answer(incoming: IncomingMessage, response: ServerResponse, server: EditorServer, mounts: Mounts) {
  const { pathname } = new URL(incoming.url ?? '/', 'http://front');
  const [, area = '', name = '', ...rest] = pathname.split('/').map(decodeURIComponent);
  if (area === '__extension') return sendFile(response, path.join(mounts.extensions[name] ?? '', ...rest));
  if (area === '__files') return serveWorkspace(incoming, response, path.join(mounts.workspace, name, ...rest));
  const host = incoming.headers.host ?? '';
  if (pathname === '/') return forward(incoming, response, server, (page) => configure(page, host, mounts));
  if (pathname.endsWith('/workbench/workbench.js')) return forward(incoming, response, server, withoutRemote);
  return forward(incoming, response, server);
}

async function sendFile(response: ServerResponse, file: string): Promise<void> {
  const content = await readFile(file).catch(() => undefined);
  const type = MEDIA_TYPES[path.extname(file)] ?? 'application/octet-stream';
  response.writeHead(content ? 200 : 404, { 'content-type': type }).end(content);
}

/** Files on disk for the page: GET a file or the entries of a folder, PUT a file. */
async function serveWorkspace(incoming: IncomingMessage, response: ServerResponse, file: string): Promise<void> {
  if (incoming.method === 'PUT') {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, Buffer.concat(chunks));
    response.writeHead(204).end();
    return;
  }
  const found = await stat(file).catch(() => undefined);
  if (!found?.isDirectory()) return sendFile(response, file);
  const entries = await readdir(file, { withFileTypes: true });
  const listing = entries.map((entry) => ({ name: entry.name, folder: entry.isDirectory() }));
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(listing));
}

/** Passes a request on; `change` rewrites the text of the answer. */
function forward(
  incoming: IncomingMessage,
  response: ServerResponse,
  server: EditorServer,
  change?: (text: string) => string,
): void {
  const headers = { ...incoming.headers };
  if (change) {
    // The answer has to come whole and as plain text to be rewritten.
    delete headers['accept-encoding'];
    delete headers['if-none-match'];
  }
  const target = { host: '127.0.0.1', port: server.port, method: incoming.method, path: incoming.url, headers };
  const upstream = request(target, (answered) => {
    const status = answered.statusCode ?? 502;
    if (!change) {
      response.writeHead(status, answered.headers);
      answered.pipe(response);
      return;
    }
    const chunks: Buffer[] = [];
    answered.on('data', (chunk: Buffer) => chunks.push(chunk));
    answered.on('end', () => {
      const { 'content-length': _length, 'transfer-encoding': _encoding, etag: _tag, ...kept } = answered.headers;
      response.writeHead(status, kept).end(change(Buffer.concat(chunks).toString()));
    });
  });
  upstream.on('error', () => response.destroy());
  incoming.pipe(upstream);
}

/** Names the extensions under development in the configuration that the page carries, and takes the remote out of it. */
function configure(page: string, authority: string, mounts: Mounts): string {
  return page.replace(PAGE_CONFIGURATION, (_whole, before: string, quoted: string) => {
    const { remoteAuthority: _remote, ...configuration } = JSON.parse(
      quoted.replaceAll('&quot;', '"').replaceAll('&amp;', '&'),
    ) as Record<string, object>;
    const extensions = Object.keys(mounts.extensions).map((name) => ({
      scheme: 'http',
      authority,
      path: `/__extension/${name}`,
    }));
    configuration.developmentOptions = { ...configuration.developmentOptions, extensions };
    configuration.configurationDefaults = { ...configuration.configurationDefaults, ...mounts.settings };
    const text = JSON.stringify(configuration);
    return `${before}${text.replaceAll('&', '&amp;').replaceAll('"', '&quot;')}"`;
  });
}

/** The page's script puts the remote back into the configuration: that is the one place where it does. */
function withoutRemote(script: string): string {
  if (!REMOTE_AUTHORITY.test(script)) throw new Error('The workbench script no longer adds the remote authority here.');
  return script.replace(REMOTE_AUTHORITY, '$1');
}

function tunnel(incoming: IncomingMessage, socket: Duplex, head: Buffer, server: EditorServer): void {
  const upstream = connect({ host: '127.0.0.1', port: server.port }, () => {
    const pairs: string[] = [];
    for (let at = 0; at < incoming.rawHeaders.length; at += 2) {
      pairs.push(`${incoming.rawHeaders[at]}: ${incoming.rawHeaders[at + 1]}`);
    }
    upstream.write(`${incoming.method} ${incoming.url} HTTP/1.1\r\n${pairs.join('\r\n')}\r\n\r\n`);
    upstream.write(head);
    upstream.pipe(socket).pipe(upstream);
  });
  upstream.on('error', () => socket.destroy());
  socket.on('error', () => upstream.destroy());
}
