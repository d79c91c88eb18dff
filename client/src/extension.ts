// Entry on the desktop and on remote machines, where the server is a process of its own.
import type { ExtensionContext } from 'vscode';
import { activateClient } from './activation.ts';

export function activate(context: ExtensionContext): void {
  activateClient(context, () => import('./processClient.ts'));
}
