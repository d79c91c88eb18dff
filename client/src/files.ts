import { RelativePattern, Uri, workspace } from 'vscode';
import type { BaseLanguageClient } from 'vscode-languageclient';
import {
  LIST_FILES_REQUEST,
  type ListFilesResult,
  listFilesParams,
  READ_FILE_REQUEST,
  type ReadFileResult,
  readFileParams,
} from '../../server/src/protocol/requests.ts';

/** Files above this size are machine-made: reading them whole would cost more than they can say. */
const MAX_BYTES = 10 * 1024 * 1024;

/**
 * Reads for the server what is not open. A web worker has no disk, and workspaces may live behind a provider that only
 * the editor knows.
 */
export function answerFileRequests(client: BaseLanguageClient): void {
  client.onRequest(LIST_FILES_REQUEST, (params: unknown) => listFiles(params));
  client.onRequest(READ_FILE_REQUEST, (params: unknown) => readFile(params));
}

async function listFiles(params: unknown): Promise<ListFilesResult> {
  const { folder, include, exclude } = listFilesParams.parse(params);
  // Without a list of ours the editor's own `files.exclude` still holds.
  const left = exclude.length > 1 ? `{${exclude.join(',')}}` : exclude[0];
  const found = await workspace.findFiles(new RelativePattern(Uri.parse(folder), include), left);
  return { uris: found.map((uri) => uri.toString()) };
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
