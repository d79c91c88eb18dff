import { type ChildProcess, spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import {
  type CompletionItem,
  type CompletionList,
  createProtocolConnection,
  type Diagnostic,
  type DocumentDiagnosticReport,
  type Hover,
  type InitializeResult,
  type Position,
  type ProtocolConnection,
  type PublishDiagnosticsParams,
  ResponseError,
  StreamMessageReader,
  StreamMessageWriter,
  type TextDocumentContentChangeEvent,
} from 'vscode-languageserver/node';
import { clientCapabilities } from './clientCapabilities.ts';
import { peakMemory, processorTime } from './processFacts.ts';
import type { ServerSetup } from './servers.ts';

export interface Timed<T> {
  readonly ms: number;
  readonly value: T;
}

/** A running server, seen as an editor sees it. Times run from the moment a message is sent to that of the answer. */
export interface LanguageServer {
  /** From the start of the process to the answer to `initialize`. */
  readonly initialized: number;
  sinceStart(): number;
  /** Opens a document and waits for diagnostics; for those that are expected, when `expected` is given. */
  open(file: string, text: string, expected?: Expectation): Promise<Timed<Diagnostic[]>>;
  /** Sends an edit and, at once, what `ask` sends; then waits for the diagnostics of the new text. */
  edit<T>(
    file: string,
    change: TextDocumentContentChangeEvent,
    ask: () => Promise<T>,
    expected?: Expectation,
  ): Promise<Edited<T>>;
  close(file: string): Promise<void>;
  complete(file: string, position: Position): Promise<Timed<string[]>>;
  hover(file: string, position: Position): Promise<Timed<string>>;
  /** A request that is none of the protocol's own. */
  ask(method: string, params: unknown): Promise<Timed<unknown>>;
  /** Opens a document without waiting for anything. */
  put(file: string, text: string): void;
  /** Waits until the last diagnostics that the server has pushed for a file are as expected. */
  reported(file: string, expected: Expectation): Promise<number>;
  /** The last diagnostics that were pushed, by file. */
  reports(): ReadonlyMap<string, readonly Diagnostic[]>;
  /** Waits until the server has published nothing for a while. */
  settle(): Promise<void>;
  peakMemory(): number;
  processorTime(): number;
  stop(): Promise<void>;
}

export interface Edited<T> {
  readonly diagnostics: Timed<Diagnostic[]>;
  readonly answer: T;
}

export type Expectation = (diagnostics: readonly Diagnostic[]) => boolean;

/** How long a server may take to follow diagnostics that are not the expected ones by those that are. */
const GRACE_MS = 3000;
const SETTLED_MS = 500;

export async function startLanguageServer(setup: ServerSetup, workspace: string): Promise<LanguageServer> {
  const started = performance.now();
  const child = spawn(process.execPath, setup.script, { cwd: workspace, stdio: ['pipe', 'pipe', 'ignore'] });
  const { pid } = child;
  if (pid === undefined) throw new Error(`${setup.name} does not start.`);
  const connection = connect(child);
  answerRequests(connection, setup);
  const published = watchPublished(connection);
  connection.listen();
  const { capabilities } = await initialize(connection, workspace);
  const initialized = performance.now() - started;
  await connection.sendNotification('initialized', {});
  if (setup.notification) await connection.sendNotification(setup.notification);

  const versions = new Map<string, number>();
  const folder = `${pathToFileURL(workspace).href}/`;
  const uriOf = (file: string) => pathToFileURL(path.join(workspace, file)).href;
  const pull = async (uri: string) => {
    const report = await connection.sendRequest<DocumentDiagnosticReport>('textDocument/diagnostic', {
      textDocument: { uri },
    });
    return { value: report.kind === 'full' ? report.items : [], at: performance.now() };
  };
  const diagnostics = async (uri: string, sent: number, expected?: Expectation) => {
    const { value, at } = capabilities.diagnosticProvider
      ? await pull(uri)
      : await published.next(uri, versions.get(uri) ?? 1, expected);
    return { value, ms: at - sent };
  };
  const put = (file: string, text: string) => {
    const uri = uriOf(file);
    versions.set(uri, 1);
    void connection.sendNotification('textDocument/didOpen', {
      textDocument: { uri, languageId: 'yaml', version: 1, text },
    });
  };
  return {
    initialized,
    sinceStart: () => performance.now() - started,
    put,
    ask: (method, params) => timed(() => connection.sendRequest(method, params)),
    open: (file, text, expected) => {
      const sent = performance.now();
      put(file, text);
      return diagnostics(uriOf(file), sent, expected);
    },
    reported: (file, expected) => published.until(uriOf(file), expected),
    reports: () => new Map([...published.latest].map(([uri, found]) => [uri.slice(folder.length), found])),
    edit: async (file, change, ask, expected) => {
      const uri = uriOf(file);
      const sent = performance.now();
      const version = (versions.get(uri) ?? 1) + 1;
      versions.set(uri, version);
      void connection.sendNotification('textDocument/didChange', {
        textDocument: { uri, version },
        contentChanges: [change],
      });
      const [answer, fresh] = await Promise.all([ask(), diagnostics(uri, sent, expected)]);
      return { answer, diagnostics: fresh };
    },
    close: (file) => connection.sendNotification('textDocument/didClose', { textDocument: { uri: uriOf(file) } }),
    complete: async (file, position) => {
      const { ms, value } = await timed(() =>
        connection.sendRequest<CompletionItem[] | CompletionList | null>('textDocument/completion', {
          textDocument: { uri: uriOf(file) },
          position,
          context: { triggerKind: 1 },
        }),
      );
      return { ms, value: (Array.isArray(value) ? value : (value?.items ?? [])).map(({ label }) => label) };
    },
    hover: async (file, position) => {
      const { ms, value } = await timed(() =>
        connection.sendRequest<Hover | null>('textDocument/hover', { textDocument: { uri: uriOf(file) }, position }),
      );
      return { ms, value: JSON.stringify(value?.contents ?? '') };
    },
    settle: () => published.settle(),
    peakMemory: () => peakMemory(pid),
    processorTime: () => processorTime(pid),
    stop: () => stop(connection, child),
  };
}

function connect({ stdin, stdout }: ChildProcess): ProtocolConnection {
  if (!stdin || !stdout) throw new Error('The server has no pipes.');
  return createProtocolConnection(new StreamMessageReader(stdout), new StreamMessageWriter(stdin));
}

function initialize(connection: ProtocolConnection, workspace: string): Promise<InitializeResult> {
  const uri = pathToFileURL(workspace).href;
  return connection.sendRequest('initialize', {
    processId: process.pid,
    rootUri: uri,
    workspaceFolders: [{ uri, name: 'bench' }],
    capabilities: clientCapabilities,
  });
}

/** What a server asks of an editor. */
function answerRequests(connection: ProtocolConnection, { settings, contents }: ServerSetup): void {
  connection.onRequest('workspace/configuration', ({ items }: { items: { section?: string }[] }) =>
    items.map(({ section }) => settings[section ?? ''] ?? null),
  );
  for (const method of [
    'client/registerCapability',
    'client/unregisterCapability',
    'window/workDoneProgress/create',
    'workspace/diagnostic/refresh',
    'workspace/codeLens/refresh',
  ]) {
    connection.onRequest(method, () => null);
  }
  connection.onRequest('vscode/content', async (address: string) => {
    const source = contents.find((known) => address.startsWith(known.address));
    if (!source) return new ResponseError(404, `No file stands for ${address}.`);
    const file = path.join(source.folder, address.slice(source.address.length));
    return readFile(file, 'utf8').catch(() => new ResponseError(404, `${address} is not in the catalog.`));
  });
}

interface Published {
  /** The next set that is not older than `version`; then, for a while, the first that fits. */
  next(uri: string, version: number, expected?: Expectation): Promise<{ value: Diagnostic[]; at: number }>;
  /** The moment at which the last set of a file is as expected. */
  until(uri: string, expected: Expectation): Promise<number>;
  readonly latest: ReadonlyMap<string, readonly Diagnostic[]>;
  settle(): Promise<void>;
}

/** Follows the sets that a server publishes. One without a version counts as one for the last edit. */
function watchPublished(connection: ProtocolConnection): Published {
  const listeners = new Set<(set: PublishDiagnosticsParams) => void>();
  const latest = new Map<string, readonly Diagnostic[]>();
  let count = 0;
  connection.onNotification('textDocument/publishDiagnostics', (set: PublishDiagnosticsParams) => {
    count++;
    latest.set(set.uri, set.diagnostics);
    for (const listener of listeners) listener(set);
  });
  const next: Published['next'] = (uri, version, expected) =>
    new Promise((resolve) => {
      let patience: NodeJS.Timeout | undefined;
      const listener = (set: PublishDiagnosticsParams) => {
        if (set.uri !== uri || (set.version !== undefined && set.version < version)) return;
        const found = { value: set.diagnostics, at: performance.now() };
        const accept = () => {
          clearTimeout(patience);
          listeners.delete(listener);
          resolve(found);
        };
        clearTimeout(patience);
        if (!expected || expected(set.diagnostics)) accept();
        else patience = setTimeout(accept, GRACE_MS);
      };
      listeners.add(listener);
    });
  const until: Published['until'] = (uri, expected) =>
    new Promise((resolve) => {
      const look = () => {
        if (!expected(latest.get(uri) ?? [])) return;
        listeners.delete(look);
        resolve(performance.now());
      };
      listeners.add(look);
      look();
    });
  const settle = async () => {
    for (let before = -1; before !== count; ) {
      before = count;
      await sleep(SETTLED_MS);
    }
  };
  return { next, until, latest, settle };
}

async function timed<T>(work: () => Promise<T>): Promise<Timed<T>> {
  const sent = performance.now();
  const value = await work();
  return { ms: performance.now() - sent, value };
}

async function stop(connection: ProtocolConnection, child: ChildProcess): Promise<void> {
  const ended = new Promise((resolve) => child.once('exit', resolve));
  await connection.sendRequest('shutdown');
  await connection.sendNotification('exit');
  const kill = setTimeout(() => child.kill('SIGKILL'), 2000);
  await ended;
  clearTimeout(kill);
  connection.dispose();
}
