import type {
  CodeActionParams,
  CompletionItem,
  Connection,
  InitializeParams,
  InitializeResult,
} from 'vscode-languageserver';
import { VERSION } from '../version.ts';
import { answerNavigation } from './answerNavigation.ts';
import { type ClientFeatures, clientFeatures, serverCapabilities } from './capabilities.ts';
import { startClosedFiles } from './closedFiles.ts';
import { codeActions } from './codeActions.ts';
import { answerCodeLenses } from './codeLens.ts';
import { completionList, resolveItem } from './completion.ts';
import { startDiagnostics } from './diagnostics.ts';
import { createDocuments } from './documents.ts';
import type { FeatureContext } from './featureContext.ts';
import { createGuard, type Guard, requirePosition, requireRange } from './guard.ts';
import { answerHopPaths } from './hopPath.ts';
import type { Host } from './host.ts';
import { hover } from './hover.ts';
import { answerInlayHints } from './inlayHints.ts';
import { createQuiet, type Quiet } from './quiet.ts';
import { createReporter } from './reports.ts';
import { createSettings } from './settings.ts';
import { createSweep, type Sweep } from './sweep.ts';
import { synchronize } from './synchronize.ts';
import { followSettingsFile, type WorkspaceSettings } from './workspaceSettings.ts';

/** Serves a connection until it closes. The same for every host. */
export function startServer(connection: Connection, host: Host): void {
  const quiet = createQuiet(host.nextTurn);
  const guard = createGuard(connection, quiet);
  let initialized = () => {};
  connection.onInitialize((params): InitializeResult => {
    const client = clientFeatures(params);
    initialized = serve({ connection, host, quiet, guard, client }, params);
    return { capabilities: serverCapabilities(client), serverInfo: { name: 'meshpath', version: VERSION } };
  });
  connection.onInitialized(() => initialized());
  connection.onShutdown(() => {});
  connection.listen();
}

/** A client that never answers when asked for its settings is served with the defaults after this many milliseconds. */
const SETTINGS_PATIENCE = 2000;

function delay(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/** A promise that is kept from outside. */
function promised(): { promise: Promise<void>; resolve: () => void } {
  let resolve = () => {};
  const promise = new Promise<void>((keep) => {
    resolve = keep;
  });
  return { promise, resolve };
}

interface Server {
  readonly connection: Connection;
  readonly host: Host;
  readonly quiet: Quiet;
  readonly guard: Guard;
  readonly client: ClientFeatures;
}

/** Registers all handlers; gives what is to be done once the client is ready for requests of ours. */
function serve(server: Server, params: InitializeParams): () => void {
  const { connection, guard, client } = server;
  const folders = { current: workspaceFolders(params) };
  const allChanged = () => {
    diagnostics.allChanged();
    closedFiles.changed();
    hopPaths.changed();
    inlayHints.allChanged();
    codeLenses.allChanged();
  };
  const documents = createDocuments();
  const settings = createSettings(connection, guard, {
    canAsk: client.answersConfiguration,
    canWatch: client.registersConfiguration,
    initializationOptions: params.initializationOptions,
    folders: () => folders.current,
    changed: () => {
      sweep.update(folders.current);
      closedFiles.allChanged();
      allChanged();
    },
  });
  const settingsFile = followSettingsFile({ ...server, documents, settings, folders: () => folders.current });
  const { promise: ready, resolve: settingsKnown } = promised();
  const context: FeatureContext = { client, documents, settings };
  const reporter = createReporter(context);
  const diagnostics = startDiagnostics({ ...server, documents, settings, ready }, reporter);
  const closedFiles = startClosedFiles({ ...server, documents, settings, ready }, reporter);
  const hopPaths = answerHopPaths(connection, guard, context);
  const inlayHints = answerInlayHints(connection, guard, context);
  const codeLenses = answerCodeLenses(connection, guard, context);
  synchronize(connection, guard, documents, {
    changed: (uri) => {
      settingsFile.changed(uri);
      closedFiles.opened(uri);
      closedFiles.changed();
      diagnostics.changed(uri);
      hopPaths.changed();
      inlayHints.changed(uri);
    },
    closed: (uri) => {
      settingsFile.changed(uri);
      diagnostics.closed(uri);
      closedFiles.closed(uri);
      hopPaths.changed();
      inlayHints.changed(uri);
    },
  });
  answerEditing(server, context);
  answerNavigation(server, context);
  const sweep = createSweep({ ...server, documents, settings, changed: allChanged, touched: settingsFile.changed });
  const start = async () => {
    await Promise.race([Promise.all([settings.load(), settingsFile.load()]), delay(SETTINGS_PATIENCE)]);
    settingsKnown();
    settings.watch();
    sweep.start(folders.current);
    if (client.changesWorkspaceFolders) followFolders(connection, folders, sweep, settingsFile);
  };
  return () => void guard.run('initialized', start);
}

function followFolders(
  connection: Connection,
  folders: { current: string[] },
  sweep: Sweep,
  settingsFile: WorkspaceSettings,
): void {
  connection.workspace.onDidChangeWorkspaceFolders(({ added, removed }) => {
    const gone = removed.map(({ uri }) => uri);
    const come = added.map(({ uri }) => uri);
    folders.current = [...folders.current.filter((folder) => !gone.includes(folder)), ...come];
    void settingsFile.load();
    sweep.forget(gone);
    sweep.read(come);
  });
}

function workspaceFolders({ workspaceFolders: given, rootUri }: InitializeParams): string[] {
  if (given) return given.map(({ uri }) => uri);
  return rootUri ? [rootUri] : [];
}

/** The requests that an editor makes while someone writes. All are answered from the text as it is when they arrive. */
function answerEditing({ connection, guard }: Server, context: FeatureContext): void {
  const open = (params: { textDocument: { uri: string } }) => context.documents.get(params.textDocument.uri);
  connection.onCompletion(
    guard.request('textDocument/completion', (params) => {
      requirePosition(params);
      const document = open(params);
      return document ? completionList(context, document, params.position) : null;
    }),
  );
  connection.onCompletionResolve(async (item, token) => {
    const resolved = await guard.request<CompletionItem, CompletionItem>('completionItem/resolve', resolveItem)(
      item,
      token,
    );
    return resolved ?? item;
  });
  connection.onHover(
    guard.request('textDocument/hover', (params) => {
      requirePosition(params);
      const document = open(params);
      return document ? hover(context, document, params.position) : null;
    }),
  );
  connection.onCodeAction(
    guard.request('textDocument/codeAction', (params: CodeActionParams) => {
      requireRange(params);
      const document = open(params);
      return document ? codeActions(context, document, params) : null;
    }),
  );
}
