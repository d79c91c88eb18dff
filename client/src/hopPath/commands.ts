import { commands, Disposable, type ExtensionContext, type Uri, type WebviewPanel, window } from 'vscode';
import { SHOW_HOP_PATH } from '../../../server/src/protocol/commands.ts';
import type { Session } from '../session.ts';
import type { HopPathPanel } from './panel.ts';

const PANEL_TYPE = 'meshpath.hopPath';

/** Registers the command, the links, and what brings a panel back after a reload. What they need is loaded when it is wanted. */
export function registerHopPath(context: ExtensionContext, session: () => Promise<Session>): Disposable {
  let made: Promise<HopPathPanel> | undefined;
  const make = async () => {
    const { createHopPathPanel } = await import('./panel.ts');
    const server = await session();
    const panel = createHopPathPanel(PANEL_TYPE, context, server);
    context.subscriptions.push(
      panel,
      server.onHopPathChanged(() => panel.refresh()),
    );
    return panel;
  };
  const panel = () => {
    made ??= make();
    return made;
  };
  return Disposable.from(
    commands.registerCommand(SHOW_HOP_PATH, async (uri?: unknown, position?: unknown) => {
      (await panel()).show(uri, position);
    }),
    window.registerUriHandler({
      handleUri: async (link: Uri) => {
        const { requestOf } = await import('./links.ts');
        const request = requestOf(link);
        if (request) (await panel()).showRequest(request);
      },
    }),
    window.registerWebviewPanelSerializer(PANEL_TYPE, {
      deserializeWebviewPanel: async (kept: WebviewPanel, state: unknown) => (await panel()).restore(kept, state),
    }),
  );
}
