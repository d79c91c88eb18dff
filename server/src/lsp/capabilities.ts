import type { InitializeParams, ServerCapabilities } from 'vscode-languageserver';
import { isObject } from './guard.ts';
import { CODE_ACTION_KIND, SYNC_KIND } from './numbers.ts';

/** What the client can do, as far as the server behaves differently because of it. */
export interface ClientFeatures {
  /** The client asks for diagnostics; then none are pushed, because it would show both. */
  readonly pullsDiagnostics: boolean;
  readonly refreshesDiagnostics: boolean;
  readonly answersConfiguration: boolean;
  readonly registersConfiguration: boolean;
  readonly registersWatchedFiles: boolean;
  readonly changesWorkspaceFolders: boolean;
  readonly relatedInformation: boolean;
  readonly snippets: boolean;
  readonly documentChanges: boolean;
  /** Definitions can say which text was asked about. */
  readonly definitionLinks: boolean;
  readonly nestedSymbols: boolean;
  readonly preparesRename: boolean;
  /** The client has the command that code lenses for hop paths name. */
  readonly showsHopPaths: boolean;
  readonly refreshesCodeLenses: boolean;
  readonly showsInlayHints: boolean;
  readonly refreshesInlayHints: boolean;
}

export function clientFeatures({ capabilities, initializationOptions }: InitializeParams): ClientFeatures {
  const { workspace, textDocument } = capabilities;
  return {
    pullsDiagnostics: textDocument?.diagnostic !== undefined,
    refreshesDiagnostics: workspace?.diagnostics?.refreshSupport === true,
    answersConfiguration: workspace?.configuration === true,
    registersConfiguration: workspace?.didChangeConfiguration?.dynamicRegistration === true,
    registersWatchedFiles: workspace?.didChangeWatchedFiles?.dynamicRegistration === true,
    changesWorkspaceFolders: workspace?.workspaceFolders === true,
    relatedInformation:
      textDocument?.publishDiagnostics?.relatedInformation === true ||
      textDocument?.diagnostic?.relatedInformation === true,
    snippets: textDocument?.completion?.completionItem?.snippetSupport === true,
    documentChanges: workspace?.workspaceEdit?.documentChanges === true,
    definitionLinks: textDocument?.definition?.linkSupport === true,
    nestedSymbols: textDocument?.documentSymbol?.hierarchicalDocumentSymbolSupport === true,
    preparesRename: textDocument?.rename?.prepareSupport === true,
    showsHopPaths: isObject(initializationOptions) && initializationOptions.hopPathPanel === true,
    refreshesCodeLenses: workspace?.codeLens?.refreshSupport === true,
    showsInlayHints: textDocument?.inlayHint !== undefined,
    refreshesInlayHints: workspace?.inlayHint?.refreshSupport === true,
  };
}

export function serverCapabilities(client: ClientFeatures): ServerCapabilities {
  return {
    textDocumentSync: { openClose: true, change: SYNC_KIND.incremental },
    // Letters ask by themselves. A blank follows `key:` and `-`; the others stand inside hosts, labels and apiVersions.
    completionProvider: { resolveProvider: true, triggerCharacters: [' ', '.', '/', '"', "'"] },
    hoverProvider: true,
    definitionProvider: true,
    referencesProvider: true,
    documentHighlightProvider: true,
    renameProvider: client.preparesRename ? { prepareProvider: true } : true,
    documentSymbolProvider: true,
    workspaceSymbolProvider: true,
    foldingRangeProvider: true,
    selectionRangeProvider: true,
    documentLinkProvider: {},
    ...(client.showsHopPaths ? { codeLensProvider: { resolveProvider: true } } : {}),
    ...(client.showsInlayHints ? { inlayHintProvider: true } : {}),
    codeActionProvider: { codeActionKinds: Object.values(CODE_ACTION_KIND) },
    ...(client.pullsDiagnostics
      ? { diagnosticProvider: { identifier: 'meshpath', interFileDependencies: true, workspaceDiagnostics: false } }
      : {}),
    workspace: { workspaceFolders: { supported: true, changeNotifications: client.changesWorkspaceFolders } },
  };
}
