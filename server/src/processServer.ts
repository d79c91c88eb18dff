import process from 'node:process';
import { setImmediate } from 'node:timers/promises';
import type { Connection } from 'vscode-languageserver/node';
import { diskFiles } from './disk/diskFiles.ts';
import { clientFiles } from './lsp/clientFiles.ts';
import { startServer } from './lsp/connection.ts';

/** Serves a connection in a Node process, which lives on whatever happens in a handler. */
export function serveProcess(connection: Connection): void {
  const log = (error: unknown) => {
    connection.console.error(`Unexpected: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  };
  process.on('uncaughtException', log);
  process.on('unhandledRejection', log);
  const files = diskFiles(clientFiles(connection));
  startServer(connection, { nextTurn: () => setImmediate(), now: Date.now, files });
}
