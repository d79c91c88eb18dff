import type { Connection } from 'vscode-languageserver';
import {
  LIST_FILES_REQUEST,
  type ListFilesParams,
  listFilesResult,
  READ_FILE_REQUEST,
  type ReadFileParams,
  readFileResult,
} from '../protocol/requests.ts';
import type { FileAccess } from './host.ts';

/** Files as the client reads them: the only way in a browser, and the only one to file systems that are not a disk. */
export function clientFiles(connection: Connection): FileAccess {
  return {
    async *list(folder, include, exclude) {
      const params: ListFilesParams = { folder, include, exclude: [...exclude] };
      const answer = await ask(connection, LIST_FILES_REQUEST, params);
      const result = listFilesResult.safeParse(answer);
      if (result.success) yield* result.data.uris;
    },
    read: async (uri) => {
      const params: ReadFileParams = { uri };
      const result = readFileResult.safeParse(await ask(connection, READ_FILE_REQUEST, params));
      return result.success ? result.data?.text : undefined;
    },
  };
}

/** Clients other than ours do not know these requests, which leaves us with the open documents. */
async function ask(connection: Connection, method: string, params: unknown): Promise<unknown> {
  try {
    return await connection.sendRequest(method, params);
  } catch (error) {
    connection.console.info(`${method} was not answered: ${error instanceof Error ? error.message : String(error)}`);
    return undefined;
  }
}
