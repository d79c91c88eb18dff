import type { Connection, Position } from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import type { FeatureContext } from './featureContext.ts';
import { type Guard, requirePosition, requireTextDocument } from './guard.ts';
import { definition, highlights, references } from './navigation.ts';
import { folds, links, selections, symbols, symbolsOfWorkspace } from './outline.ts';
import { prepared, renameEdit } from './rename.ts';

interface Server {
  readonly connection: Connection;
  readonly guard: Guard;
}

/** The requests by which people find their way: names across files, and the shape of a document. */
export function answerNavigation(server: Server, context: FeatureContext): void {
  answerNames(server, context);
  answerShape(server, context);
}

function answerNames({ connection, guard }: Server, context: FeatureContext): void {
  const at =
    <P extends { textDocument: { uri: string }; position: Position }, R>(
      answer: (document: TextDocument, params: P) => R,
    ): ((params: P) => R | null) =>
    (params) => {
      requirePosition(params);
      const document = context.documents.get(params.textDocument.uri);
      return document ? answer(document, params) : null;
    };
  connection.onDefinition(
    guard.request(
      'textDocument/definition',
      at((document, { position }) => definition(context, document, position)),
    ),
  );
  connection.onReferences(
    guard.request(
      'textDocument/references',
      at((document, params) => references(context, document, params)),
    ),
  );
  connection.onDocumentHighlight(
    guard.request(
      'textDocument/documentHighlight',
      at((document, { position }) => highlights(context, document, position)),
    ),
  );
  connection.onPrepareRename(
    guard.request(
      'textDocument/prepareRename',
      at((document, { position }) => prepared(context, document, position)),
    ),
  );
  connection.onRenameRequest(
    guard.request(
      'textDocument/rename',
      at((document, { position, newName }) => renameEdit(context, document, position, String(newName))),
    ),
  );
}

function answerShape({ connection, guard }: Server, { client, documents, settings }: FeatureContext): void {
  const open = (params: { textDocument: { uri: string } }): TextDocument | undefined => {
    requireTextDocument(params);
    return documents.get(params.textDocument.uri);
  };
  /** The document, unless another extension that reads YAML as a language shows its shape already. */
  const own = (params: { textDocument: { uri: string } }): TextDocument | undefined => {
    const document = open(params);
    return document && !settings.share(document).syntax ? document : undefined;
  };
  connection.onDocumentSymbol(
    guard.request('textDocument/documentSymbol', (params) => {
      const document = own(params);
      return document ? symbols(documents, document, client.nestedSymbols) : null;
    }),
  );
  connection.onWorkspaceSymbol(
    guard.request('workspace/symbol', ({ query }) =>
      symbolsOfWorkspace(documents, typeof query === 'string' ? query : ''),
    ),
  );
  connection.onFoldingRanges(
    guard.request('textDocument/foldingRange', (params) => {
      const document = own(params);
      return document ? folds(documents.file(document), document) : null;
    }),
  );
  connection.onSelectionRanges(
    guard.request('textDocument/selectionRange', (params) => {
      const document = own(params);
      const positions = Array.isArray(params.positions) ? params.positions : [];
      return document ? selections(documents.file(document), document, positions) : null;
    }),
  );
  connection.onDocumentLinks(
    guard.request('textDocument/documentLink', (params) => {
      const document = own(params);
      return document ? links(documents, document) : null;
    }),
  );
}
