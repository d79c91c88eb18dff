// The VS Code client: it finds out when the language server is needed, starts it, shows its state, and arranges living
// beside Red Hat YAML. What there is to say about YAML is the server's; this folder imports its protocol only.

import type { TextDocumentContentChangeEvent } from 'vscode';
import { commands, type Disposable, type ExtensionContext, languages, type TextDocument, workspace } from 'vscode';
import { documentSelector } from './documents.ts';
import { registerHopPath } from './hopPath/commands.ts';
import { mentionsMesh } from './meshText.ts';
import type { ClientFactory, Session } from './session.ts';

/** Loads what makes the client of one host, desktop or web. */
export type LoadClient = () => Promise<{ clientFactory(context: ExtensionContext): ClientFactory }>;

/**
 * Registers the commands, and starts the server as soon as a document mentions a mesh. Until then nothing of the
 * language client is loaded: whoever opens other YAML pays for a search in its text only.
 */
export function activateClient(context: ExtensionContext, loadClient: LoadClient): void {
  let session: Promise<Session> | undefined;
  const opened = () => {
    session ??= openSession(context, loadClient);
    return session;
  };
  const use = async (what: (session: Session) => void | Promise<void>) => {
    await what(await opened());
  };
  context.subscriptions.push(
    whenMeshAppears(() => {
      // The title of an editor offers the hop path from now on.
      void commands.executeCommand('setContext', 'meshpath.meshAppeared', true);
      void use((it) => it.start());
    }),
    commands.registerCommand('meshpath.restartServer', () => use((it) => it.restart())),
    commands.registerCommand('meshpath.showOutput', () => use((it) => it.showOutput())),
    registerHopPath(context, opened),
  );
}

async function openSession(context: ExtensionContext, loadClient: LoadClient): Promise<Session> {
  const [{ createSession }, { clientFactory }] = await Promise.all([import('./session.ts'), loadClient()]);
  const session = createSession(clientFactory(context));
  context.subscriptions.push(session);
  return session;
}

/** Calls back once, when an open document mentions a mesh or someone types the first mention. */
function whenMeshAppears(then: () => void): Disposable {
  const subscriptions: Disposable[] = [];
  const dispose = () => {
    for (const subscription of subscriptions.splice(0)) subscription.dispose();
  };
  const look = (document: TextDocument, text: () => string) => {
    if (languages.match(documentSelector, document) === 0 || !mentionsMesh(text())) return false;
    dispose();
    then();
    return true;
  };
  const lookAtAll = (document: TextDocument) => look(document, () => document.getText());
  if (!workspace.textDocuments.some(lookAtAll)) {
    subscriptions.push(
      workspace.onDidOpenTextDocument(lookAtAll),
      workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        look(document, () => contentChanges.map((change) => changedLines(document, change)).join('\n'));
      }),
    );
  }
  return { dispose };
}

/** The whole lines that a change touched: the last character of a name makes the mention, and stands alone in it. */
function changedLines(document: TextDocument, { range, text }: TextDocumentContentChangeEvent): string {
  const end = document.lineAt(Math.min(range.start.line + text.split('\n').length, document.lineCount) - 1).range.end;
  return document.getText(range.with(range.start.with({ character: 0 }), end));
}
