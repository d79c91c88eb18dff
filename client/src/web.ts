// Entry in the browser, where the server is a web worker.
import type { ExtensionContext } from 'vscode';
import { activateClient } from './activation.ts';

export function activate(context: ExtensionContext): void {
  activateClient(context, () => import('./workerClient.ts'));
}
