import {
  type Connection,
  DidChangeConfigurationNotification,
  DidChangeWatchedFilesNotification,
} from 'vscode-languageserver';

/** Asks the client to tell when the settings of a section change. */
export async function watchSettings(connection: Connection, section: string): Promise<void> {
  await connection.client.register(DidChangeConfigurationNotification.type, { section });
}

/** Asks the client to tell when files that match a glob are made, changed or removed. */
export async function watchFiles(connection: Connection, globPattern: string): Promise<void> {
  await connection.client.register(DidChangeWatchedFilesNotification.type, { watchers: [{ globPattern }] });
}
