// A language server and a client in one process, connected by two streams. The client says no more than each test needs.
import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import {
  type ClientCapabilities,
  createConnection,
  createProtocolConnection,
  type Diagnostic,
  type DocumentDiagnosticReport,
  type InitializeResult,
  type ProtocolConnection,
  type PublishDiagnosticsParams,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-languageserver/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { startServer } from '../../server/src/lsp/connection.ts';
import type { FileAccess } from '../../server/src/lsp/host.ts';

export interface SessionOptions {
  readonly capabilities?: ClientCapabilities;
  readonly initializationOptions?: unknown;
  /** What the client answers when asked for the section `meshpath`. */
  readonly settings?: unknown;
  /** Files that are not open, by URI. */
  readonly files?: Readonly<Record<string, string>>;
  readonly fileAccess?: FileAccess;
}

export interface Session {
  readonly client: ProtocolConnection;
  readonly initialized: InitializeResult;
  readonly published: readonly PublishDiagnosticsParams[];
  readonly log: readonly string[];
  /** Requests that the server made, by method. */
  readonly asked: string[];
  settings: unknown;
  open(uri: string, text: string, options?: { version?: number; languageId?: string }): TextDocument;
  /** Replaces the first occurrence of a text. */
  edit(document: TextDocument, find: string, replacement: string): void;
  close(document: TextDocument): void;
  /** The next publication that fits the document's version. */
  diagnostics(document: TextDocument): Promise<Diagnostic[]>;
  pull(document: TextDocument, previousResultId?: string): Promise<DocumentDiagnosticReport>;
  /** Resolves when the server has nothing left to do. */
  idle(): Promise<void>;
  end(): void;
}

export const FOLDER = 'file:///work';

export async function startSession(options: SessionOptions = {}): Promise<Session> {
  const up = new PassThrough();
  const down = new PassThrough();
  const server = createConnection(new StreamMessageReader(up), new StreamMessageWriter(down));
  const files = options.fileAccess ?? filesOf(options.files ?? {});
  // A clock that stands still: no work is ever found to take long, however slow the machine is.
  startServer(server, { nextTurn: () => setImmediate(), now: () => 0, files });
  const client = createProtocolConnection(new StreamMessageReader(down), new StreamMessageWriter(up));
  const settings = { settings: options.settings };
  const recorded = record(client, settings);
  client.listen();
  const initialized = await client.sendRequest<InitializeResult>('initialize', {
    processId: null,
    rootUri: null,
    workspaceFolders: [{ uri: FOLDER, name: 'work' }],
    capabilities: options.capabilities ?? {},
    initializationOptions: options.initializationOptions,
  });
  await client.sendNotification('initialized', {});
  return Object.assign(settings, {
    client,
    initialized,
    ...recorded,
    ...editor(client),
    idle: async () => {
      // A request is answered only after what came before it; the turns let work in the background finish.
      await client.sendRequest('textDocument/hover', {
        textDocument: { uri: 'file:///none' },
        position: { line: 0, character: 0 },
      });
      for (let turn = 0; turn < 50; turn++) await setImmediate();
    },
    end: () => {
      client.dispose();
      server.dispose();
    },
  });
}

/** Answers the server and keeps what it says. */
function record(client: ProtocolConnection, answers: { settings: unknown }) {
  const published: PublishDiagnosticsParams[] = [];
  const log: string[] = [];
  const asked: string[] = [];
  const listeners: (() => void)[] = [];
  client.onNotification('textDocument/publishDiagnostics', (params: PublishDiagnosticsParams) => {
    published.push(params);
    for (const listener of listeners.splice(0)) listener();
  });
  client.onNotification('window/logMessage', ({ message }: { message: string }) => void log.push(message));
  client.onRequest('workspace/configuration', () => {
    asked.push('workspace/configuration');
    return [answers.settings ?? null];
  });
  for (const method of [
    'client/registerCapability',
    'window/workDoneProgress/create',
    'workspace/diagnostic/refresh',
  ]) {
    client.onRequest(method, () => {
      asked.push(method);
      return null;
    });
  }
  const diagnostics = async (document: TextDocument): Promise<Diagnostic[]> => {
    for (;;) {
      const found = published.findLast(({ uri }) => uri === document.uri);
      if (found?.version === document.version) return found.diagnostics;
      await new Promise<void>((resolve) => listeners.push(resolve));
    }
  };
  return { published, log, asked, diagnostics };
}

/** What a user does with documents, as an editor tells it. */
function editor(client: ProtocolConnection): Pick<Session, 'open' | 'edit' | 'close' | 'pull'> {
  return {
    open: (uri, text, { version = 1, languageId = 'yaml' } = {}) => {
      void client.sendNotification('textDocument/didOpen', { textDocument: { uri, languageId, version, text } });
      return TextDocument.create(uri, languageId, version, text);
    },
    edit: (document, find, replacement) => {
      const at = document.getText().indexOf(find);
      assert.notEqual(at, -1, `the text to edit is there: ${find}`);
      const range = { start: document.positionAt(at), end: document.positionAt(at + find.length) };
      const contentChanges = [{ range, text: replacement }];
      TextDocument.update(document, contentChanges, document.version + 1);
      void client.sendNotification('textDocument/didChange', {
        textDocument: { uri: document.uri, version: document.version },
        contentChanges,
      });
    },
    close: (document) => {
      void client.sendNotification('textDocument/didClose', { textDocument: { uri: document.uri } });
    },
    pull: (document, previousResultId) =>
      client.sendRequest<DocumentDiagnosticReport>('textDocument/diagnostic', {
        textDocument: { uri: document.uri },
        ...(previousResultId === undefined ? {} : { previousResultId }),
      }),
  };
}

function filesOf(files: Readonly<Record<string, string>>): FileAccess {
  return {
    async *list(folder) {
      yield* Object.keys(files).filter((uri) => uri.startsWith(`${folder}/`));
    },
    read: async (uri) => files[uri],
  };
}

/** Runs a test in a session of its own. */
export async function inSession<T>(options: SessionOptions, test: (session: Session) => Promise<T>): Promise<T> {
  const session = await startSession(options);
  try {
    return await test(session);
  } finally {
    session.end();
  }
}

export const PULL: ClientCapabilities = {
  textDocument: { diagnostic: {} },
  workspace: { diagnostics: { refreshSupport: true } },
};

/** A resource without a fault, and the same with one that has a fix. */
export const GOOD = `apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata:
  name: default
  namespace: shop
spec:
  mtls:
    mode: STRICT
`;
export const BAD = GOOD.replace('mode:', 'mod:');

export function codesOf(diagnostics: readonly Diagnostic[]): unknown[] {
  return diagnostics.map(({ code }) => code);
}

export function itemsOf(report: DocumentDiagnosticReport): Diagnostic[] {
  assert.equal(report.kind, 'full');
  return report.items;
}
