import type { HopPathAnswer } from '../../../server/src/protocol/panel.ts';
import type { PathPlace } from '../../../server/src/protocol/path.ts';
import {
  type ExportFormat,
  fromPageSchema,
  type PageState,
  pageStateSchema,
} from '../../../server/src/protocol/webview.ts';
import type { Answers } from './answers.ts';
import { knownPlace } from './places.ts';

/** What only the editor can do for the page. */
export interface PageActions {
  reveal(place: PathPlace): void;
  exportAnswer(answer: HopPathAnswer, format: ExportFormat): void;
  savePng(png: string): void;
  copyLink(request: HopPathAnswer['case']['request']): void;
  log(line: string): void;
}

/** Does what a message of the page asks for, as far as the answer that is shown allows it. Others are only logged. */
export function receive(answers: Answers, actions: PageActions, input: unknown): void {
  const message = fromPageSchema.safeParse(input);
  if (!message.success) {
    actions.log('The hop path panel sent a message that is not known; it was ignored.');
    return;
  }
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
    case 'reveal': {
      const place = shown && knownPlace(shown.case, message.data.place);
      if (place) actions.reveal(place);
      break;
    }
    case 'export':
      if (shown) actions.exportAnswer(shown, message.data.format);
      break;
    case 'save-png':
      if (shown) actions.savePng(message.data.png);
      break;
    case 'copy-link':
      if (shown) actions.copyLink(shown.case.request);
      break;
    default:
      message.data satisfies never;
  }
}

/** What an editor kept of a panel, as far as it is what a panel keeps. */
export function keptState(input: unknown): PageState | undefined {
  const state = pageStateSchema.safeParse(input);
  return state.success ? state.data : undefined;
}
