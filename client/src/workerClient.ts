import { type ExtensionContext, Uri } from 'vscode';
import { LanguageClient } from 'vscode-languageclient/browser';
import type { ClientFactory } from './session.ts';

/** Clients whose server is a web worker. */
export function clientFactory(context: ExtensionContext): ClientFactory {
  const script = Uri.joinPath(context.extensionUri, 'dist', 'server.worker.js').toString(true);
  let worker: Worker | undefined;
  context.subscriptions.push({ dispose: () => worker?.terminate() });
  return (options) => {
    // Only its creator can end a worker, so a restart would leave the one of the previous client running.
    worker?.terminate();
    worker = new Worker(script);
    return new LanguageClient('meshpath', 'Meshpath', worker, options);
  };
}
