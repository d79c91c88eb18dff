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
  /** Asks; with `keep`, a question without an answer changes nothing, nor does any once the panel is pinned. */
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

/** The path, undefined where the server failed; and the comparison, where one is wanted and there is one. */
async function answered(server: HopPathServer, question: HopPathParams | undefined, comparing: boolean) {
  const answer = question ? await server.hopPath(question).catch(() => undefined) : null;
  const request = comparing && answer?.case.request;
  return { answer, compared: request ? await server.compareHopPaths({ request }).catch(() => null) : null };
}

export function createAnswers(server: HopPathServer, send: (message: ToPage) => void): Answers {
  let state: Partial<PageState> = {};
  let comparing = false;
  let shown: HopPathAnswer | undefined;
  let comparison: CompareResult = null;
  let asked = 0;
  let latest = 0;
  const tell = (failed: boolean) => {
    const { question, pinned = false } = state;
    const compared = comparing && comparison ? { comparison } : {};
    if (question && shown) send({ type: 'path', question, pinned, answer: shown, ...compared });
    else send({ type: 'nothing', text: failed ? NO_ANSWER : NOTHING_HERE });
  };
  const update = async (question: HopPathParams | undefined, keep: boolean) => {
    const mine = ++asked;
    const { answer, compared } = await answered(server, question, comparing);
    // One that is under way counts for nothing yet: it may find nothing to show.
    if (mine <= latest) return;
    if (keep ? shown && (!answer || state.pinned) : question !== state.question) {
      // What was asked again is no longer what is shown, and that may have changed as well.
      if (!keep) again();
      return;
    }
    latest = mine;
    state = { ...state, question };
    shown = answer ?? undefined;
    comparison = compared;
    tell(answer === undefined);
  };
  const again = () => void update(state.question, false);
  return {
    get shown() {
      return shown;
    },
    get pinned() {
      return state.pinned === true;
    },
    ask: (question, keep) => {
      if (!keep) state = { ...state, question };
      void update(question, keep);
    },
    again,
    pin: (pinned) => {
      state = { ...state, pinned };
      if (shown) tell(false);
    },
    compare: (on) => {
      comparing = on;
      again();
    },
    present: () => (shown ? tell(false) : again()),
    reset: (kept) => {
      latest = asked;
      state = kept ?? {};
      comparing = false;
      shown = undefined;
      comparison = null;
    },
  };
}
