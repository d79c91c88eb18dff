/** Tells when the messages that came in together have all been handled. */
export interface Quiet {
  /** To be called by every handler. */
  touch(): void;
  /** Grows with every message. */
  readonly count: number;
  /** Resolves when no message is waiting. */
  wait(): Promise<void>;
  /** Resolves when no message came for so many milliseconds: the user has paused. Or when that takes too long. */
  rest(milliseconds: number): Promise<void>;
}

/** A client that sends without pause must not keep diagnostics away for good. */
const MAX_ROUNDS = 500;
/** In milliseconds: whoever points at one thing after the other still sees what has become of the rest. */
const LONGEST_REST = 1500;

/**
 * Messages are taken from the queue one per turn of the event loop. When two turns pass without one, the queue is empty:
 * that replaces a delay of some milliseconds, which would be too short for a burst and too long for everything else.
 */
export function createQuiet(nextTurn: () => Promise<void>): Quiet {
  let count = 0;
  return {
    touch: () => {
      count++;
    },
    get count() {
      return count;
    },
    rest: async (milliseconds) => {
      for (let waited = 0; waited < LONGEST_REST; waited += milliseconds) {
        const before = count;
        await new Promise<void>((resolve) => setTimeout(resolve, milliseconds));
        if (count === before) return;
      }
    },
    wait: async () => {
      for (let round = 0; round < MAX_ROUNDS; round++) {
        const before = count;
        await nextTurn();
        await nextTurn();
        if (count === before) return;
      }
    },
  };
}
