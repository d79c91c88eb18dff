import { FileType, Uri, workspace } from 'vscode';
import type { BaseLanguageClient } from 'vscode-languageclient';
import {
  READ_FILE_REQUEST,
  READ_FOLDER_REQUEST,
  type ReadFileResult,
  type ReadFolderResult,
  readFileParams,
  readFolderParams,
} from '../../server/src/protocol/requests.ts';

/** Files above this size are machine-made: reading them whole would cost more than they can say. */
const MAX_BYTES = 10 * 1024 * 1024;

/**
 * Reads for the server what is not open. A web worker has no disk, and workspaces may live behind a provider that only
 * the editor knows.
 */
export function answerFileRequests(client: BaseLanguageClient): void {
  client.onRequest(READ_FOLDER_REQUEST, (params: unknown) => readFolder(params));
  client.onRequest(READ_FILE_REQUEST, (params: unknown) => readFile(params));
}

async function readFolder(params: unknown): Promise<ReadFolderResult> {
  const folder = Uri.parse(readFolderParams.parse(params).uri);
  try {
    const found = await workspace.fs.readDirectory(folder);
    const entries = found.flatMap(([name, type]): ReadFolderResult['entries'] => {
      const uri = Uri.joinPath(folder, name).toString();
      // A link has a further bit set in its type, and is neither of the two.
      if (type === FileType.Directory) return [{ name, kind: 'folder', uri }];
      return type === FileType.File ? [{ name, kind: 'file', uri }] : [];
    });
    return { entries };
  } catch {
    // Gone meanwhile, or not readable: for the server that is all the same.
    return { entries: [] };
  }
}

async function readFile(params: unknown): Promise<ReadFileResult> {
  const uri = Uri.parse(readFileParams.parse(params).uri);
  try {
    const { size } = await workspace.fs.stat(uri);
    if (size > MAX_BYTES) return null;
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(await workspace.fs.readFile(uri)) };
  } catch {
    // Gone, not readable, or not UTF-8: for the server that is all the same.
    return null;
  }
}
