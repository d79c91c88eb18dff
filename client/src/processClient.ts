import type { ExtensionContext } from 'vscode';
import { LanguageClient, TransportKind } from 'vscode-languageclient/node';
import type { ClientFactory } from './session.ts';

/** Clients whose server is a Node process, spoken to over its own channel. */
export function clientFactory(context: ExtensionContext): ClientFactory {
  const server = { module: context.asAbsolutePath('dist/server.cjs'), transport: TransportKind.ipc };
  return (options) => new LanguageClient('meshpath', 'Meshpath', server, options);
}
