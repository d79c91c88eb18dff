// The hop path panel beside the editor: it asks the server, shows the answers in a page, and follows the cursor. What
// the page says is looked at before it is believed: it can open only places that its own answer names.

import {
  type Disposable,
  type ExtensionContext,
  type Position,
  Uri,
  ViewColumn,
  type WebviewPanel,
  window,
} from 'vscode';
import { type HopPathParams, hopPathParams } from '../../../server/src/protocol/panel.ts';
import type { PathRequestJson } from '../../../server/src/protocol/path.ts';
import { createAnswers, type HopPathServer } from './answers.ts';
import { exportAnswer, savePng } from './exports.ts';
import { followCursor } from './follow.ts';
import { copyLink } from './links.ts';
import { keptState, type PageActions, receive } from './messages.ts';
import { loadPage } from './page.ts';
import { reveal } from './reveal.ts';

export interface HopPathPanel extends Disposable {
  /** Opens the panel, or turns the open one, to a place: the one given, else that of the cursor. */
  show(uri: unknown, position: unknown): void;
  /** Opens the panel with a request, and stays with it. */
  showRequest(request: PathRequestJson): void;
  /** Takes over a panel that the editor kept from an earlier session. */
  restore(panel: WebviewPanel, state: unknown): void;
  /** The answers may be others now. */
  refresh(): void;
}

export interface PanelServer extends HopPathServer {
  log(line: string): void;
}

export function createHopPathPanel(type: string, { extension }: ExtensionContext, server: PanelServer): HopPathPanel {
  const folder = Uri.joinPath(extension.extensionUri, 'dist');
  let panel: WebviewPanel | undefined;
  const answers = createAnswers(server, (message) => void panel?.webview.postMessage(message));
  const actions: PageActions = {
    reveal: (place) => void reveal(place),
    exportAnswer: (answer, format) => void exportAnswer(answer, format),
    savePng: (png) => void savePng(png),
    copyLink: (request) => void copyLink(extension.id, request),
    log: (line) => server.log(line),
  };
  const adopt = (taken: WebviewPanel) => {
    panel = taken;
    const subscriptions = [
      taken.webview.onDidReceiveMessage((message: unknown) => receive(answers, actions, message)),
      followCursor((uri, position) => {
        if (!answers.pinned) answers.ask(placeQuestion(uri, position), true);
      }),
    ];
    taken.onDidDispose(() => {
      for (const subscription of subscriptions) subscription.dispose();
      panel = undefined;
      answers.reset();
    });
    loadPage(taken.webview, folder, (name) => Uri.joinPath(folder, name));
  };
  const turnTo = (question: HopPathParams | undefined) => {
    answers.reset();
    if (panel) panel.reveal(undefined, true);
    else adopt(window.createWebviewPanel(type, 'Hop Path', { viewColumn: ViewColumn.Beside, preserveFocus: true }));
    answers.ask(question, false);
  };
  return {
    show: (uri, position) => turnTo(questionFrom(uri, position) ?? questionAtCursor()),
    showRequest: (request) => {
      turnTo({ request });
      answers.pin(true);
    },
    restore: (kept, state) => {
      // There is one panel: a second one that was kept has nothing to show.
      if (panel) return kept.dispose();
      answers.reset(keptState(state));
      adopt(kept);
    },
    refresh: () => {
      if (panel) answers.again();
    },
    dispose: () => panel?.dispose(),
  };
}

function placeQuestion(uri: Uri, { line, character }: Position): HopPathParams {
  return { uri: uri.toString(), position: { line, character } };
}

function questionAtCursor(): HopPathParams | undefined {
  const editor = window.activeTextEditor;
  return editor && placeQuestion(editor.document.uri, editor.selection.active);
}

/** The question that a command was given; undefined when it was given none, or something else. */
function questionFrom(uri: unknown, position: unknown): HopPathParams | undefined {
  const question = hopPathParams.safeParse({ uri, position });
  return question.success ? question.data : undefined;
}
