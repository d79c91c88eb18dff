import type {
  CompareParams,
  CompareResult,
  HopPathAnswer,
  HopPathParams,
  HopPathResult,
} from '../../../server/src/protocol/panel.ts';
import type { PageState, ToPage } from '../../../server/src/protocol/webview.ts';

const NOTHING_HERE =
  'Put the cursor on a route, a policy, a Service or a workload with a port to see the path of a request to it.';
const NO_ANSWER = 'The language server gives no answer; its output says why.';

/** Gives the paths; rejects when the server does not run. */
export interface HopPathServer {
  hopPath(params: HopPathParams): Promise<HopPathResult>;
  compareHopPaths(params: CompareParams): Promise<CompareResult>;
}

/** What the panel is asked and what it shows. */
export interface Answers {
  readonly shown: HopPathAnswer | undefined;
  readonly pinned: boolean;
  /** Asks; with `keep`, a question without an answer changes nothing. */
  ask(question: HopPathParams | undefined, keep: boolean): void;
  /** Asks the same again: what it rests on may have changed. */
  again(): void;
  pin(pinned: boolean): void;
  compare(on: boolean): void;
  /** Shows again what was shown, or finds out what there is to show. */
  present(): void;
  /** Begins anew, with what an editor kept of an earlier panel. Answers that are under way are dropped. */
  reset(state?: PageState): void;
}

export function createAnswers(server: HopPathServer, send: (message: ToPage) => void): Answers {
  let state: Partial<PageState> = {};
  let comparing = false;
  let shown: HopPathAnswer | undefined;
  let comparison: CompareResult = null;
  let turn = 0;
  const tell = (failed: boolean) => {
    const { question, pinned = false } = state;
    const compared = comparing && comparison ? { comparison } : {};
    if (question && shown) send({ type: 'path', question, pinned, answer: shown, ...compared });
    else send({ type: 'nothing', text: failed ? NO_ANSWER : NOTHING_HERE });
  };
  const update = async (question: HopPathParams | undefined, keep: boolean) => {
    const mine = ++turn;
    const answer = question ? await server.hopPath(question).catch(() => undefined) : null;
    const request = comparing && answer?.case.request;
    const compared = request ? await server.compareHopPaths({ request }).catch(() => null) : null;
    // Another question was asked meanwhile.
    if (mine !== turn || (keep && !answer && shown)) return;
    state = { ...state, question };
    shown = answer ?? undefined;
    comparison = compared;
    tell(answer === undefined);
  };
  return {
    get shown() {
      return shown;
    },
    get pinned() {
      return state.pinned === true;
    },
    ask: (question, keep) => void update(question, keep),
    again: () => void update(state.question, false),
    pin: (pinned) => {
      state = { ...state, pinned };
      if (shown) tell(false);
    },
    compare: (on) => {
      comparing = on;
      void update(state.question, true);
    },
    present: () => (shown ? tell(false) : void update(state.question, false)),
    reset: (kept) => {
      turn++;
      state = kept ?? {};
      comparing = false;
      shown = undefined;
      comparison = null;
    },
  };
}
