// The hop path panel beside the editor: it asks the server, shows the answers in a page, and follows the cursor. What
// the page says is looked at before it is believed: it can open only places that its own answer names.

import { type Disposable, type Position, type Uri, ViewColumn, type WebviewPanel, window } from 'vscode';
import { type HopPathParams, hopPathParams } from '../../../server/src/protocol/panel.ts';
import { fromPageSchema, pageStateSchema } from '../../../server/src/protocol/webview.ts';
import { type Answers, createAnswers, type HopPathServer } from './answers.ts';
import { exportAnswer } from './exports.ts';
import { followCursor } from './follow.ts';
import { pageHtml } from './page.ts';
import { placesOf, reveal } from './places.ts';

export interface HopPathPanel extends Disposable {
  /** Opens the panel, or turns the open one, to a place: the one given, else that of the cursor. */
  show(uri: unknown, position: unknown): void;
  /** Takes over a panel that the editor kept from an earlier session. */
  restore(panel: WebviewPanel, state: unknown): void;
  /** The answers may be others now. */
  refresh(): void;
}

export function createHopPathPanel(type: string, extensionUri: Uri, server: HopPathServer): HopPathPanel {
  let panel: WebviewPanel | undefined;
  const answers = createAnswers(server, (message) => void panel?.webview.postMessage(message));
  const adopt = (taken: WebviewPanel) => {
    panel = taken;
    const subscriptions = [
      taken.webview.onDidReceiveMessage((message: unknown) => receive(answers, message)),
      followCursor((uri, position) => {
        if (!answers.pinned) answers.ask(placeQuestion(uri, position), true);
      }),
    ];
    taken.onDidDispose(() => {
      for (const subscription of subscriptions) subscription.dispose();
      panel = undefined;
      answers.reset();
    });
    taken.webview.options = { enableScripts: true, localResourceRoots: [extensionUri] };
    taken.webview.html = pageHtml(taken.webview, extensionUri);
  };
  return {
    show: (uri, position) => {
      const question = questionFrom(uri, position) ?? questionAtCursor();
      answers.reset();
      if (panel) panel.reveal(undefined, true);
      else {
        const place = { viewColumn: ViewColumn.Beside, preserveFocus: true };
        adopt(window.createWebviewPanel(type, 'Hop Path', place, { enableScripts: true }));
      }
      answers.ask(question, false);
    },
    restore: (kept, state) => {
      // There is one panel: a second one that was kept has nothing to show.
      if (panel) return kept.dispose();
      const known = pageStateSchema.safeParse(state);
      answers.reset(known.success ? known.data : undefined);
      adopt(kept);
    },
    refresh: () => {
      if (panel) answers.again();
    },
    dispose: () => panel?.dispose(),
  };
}

function receive(answers: Answers, input: unknown): void {
  const message = fromPageSchema.safeParse(input);
  if (!message.success) return;
  const { shown } = answers;
  switch (message.data.type) {
    case 'ready':
      answers.present();
      break;
    case 'ask':
      // Whoever chooses a request wants to look at it, also while going on to edit.
      answers.pin(true);
      answers.ask({ request: message.data.request }, false);
      break;
    case 'pin':
      answers.pin(message.data.pinned);
      break;
    case 'compare':
      answers.compare(message.data.on);
      break;
    case 'reveal':
      if (shown) void reveal(placesOf(shown.case), message.data.place);
      break;
    case 'export':
      if (shown) void exportAnswer(shown, message.data.format);
      break;
    default:
      message.data satisfies never;
  }
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
