import { env, type Uri, window } from 'vscode';
import { readRequestLink, requestLink } from '../../../server/src/protocol/link.ts';
import type { PathRequestJson } from '../../../server/src/protocol/path.ts';

/** Puts a link to the hop path of a request on the clipboard; opened in this or another editor, it shows the same. */
export async function copyLink(extension: string, request: PathRequestJson): Promise<void> {
  await env.clipboard.writeText(requestLink(env.uriScheme, extension, request));
  window.setStatusBarMessage('The link to this request is on the clipboard.', SHOWN_MS);
}

const SHOWN_MS = 4000;

/** The request of a link that was opened; a link that holds none is answered with what is wrong. */
export function requestOf(link: Uri): PathRequestJson | undefined {
  try {
    return readRequestLink(link);
  } catch (error) {
    void window.showErrorMessage(
      `Meshpath does not open this link: ${error instanceof Error ? error.message : error}.`,
    );
    return undefined;
  }
}
