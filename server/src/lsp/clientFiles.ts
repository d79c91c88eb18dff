import type { Connection } from 'vscode-languageserver';
import { walkTree } from '../fileTree.ts';
import { globMatcher } from '../globs.ts';
import {
  READ_FILE_REQUEST,
  READ_FOLDER_REQUEST,
  type ReadFileParams,
  type ReadFolderParams,
  readFileResult,
  readFolderResult,
} from '../protocol/requests.ts';
import type { FileAccess } from './host.ts';

/** Files as the client reads them: the only way in a browser, and the only one to file systems that are not a disk. */
export function clientFiles(connection: Connection): FileAccess {
  return {
    async *list(folder, include, exclude) {
      const entries = async (_relative: string, inner: { uri: string } | undefined) => {
        const params: ReadFolderParams = { uri: inner?.uri ?? folder };
        const result = readFolderResult.safeParse(await ask(connection, READ_FOLDER_REQUEST, params));
        return result.success ? result.data.entries : [];
      };
      const files = walkTree({ include: globMatcher([include]), exclude: globMatcher(exclude), entries });
      for await (const { entry } of files) yield entry.uri;
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
