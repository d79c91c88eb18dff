import type { Host } from './host.ts';
import type { Quiet } from './quiet.ts';

/** Long work that gives way to whatever the user does meanwhile. */

interface Turns {
  readonly host: Host;
  readonly quiet: Quiet;
}

/** Works through a set until it is empty or a message comes in, which is answered first. */
export async function inSlices(
  items: Set<string>,
  { host, quiet }: Turns,
  work: (item: string) => void | Promise<void>,
): Promise<void> {
  const before = quiet.count;
  let turn = host.now();
  for (const item of items) {
    items.delete(item);
    await work(item);
    if (host.now() - turn < SLICE) continue;
    await host.nextTurn();
    if (quiet.count !== before) return;
    turn = host.now();
  }
}

/** Does something step by step, and answers between the steps whatever has come in. */
export async function giveWayBetween(steps: Iterable<void>, { host, quiet }: Turns): Promise<void> {
  let turn = host.now();
  for (const _ of steps) {
    if (host.now() - turn < SLICE) continue;
    await quiet.wait();
    turn = host.now();
  }
}

/** For so many milliseconds we go on without looking whether something has come in. */
export const SLICE = 5;

/** Work that takes longer than this many milliseconds waits until the user pauses for so many. */
const HEAVY = 8;
const PAUSE = 150;

/** Holds back looking at the rest of the workspace while someone types, where that has shown to take long. */
export function createPause({ host, quiet }: Turns) {
  let cost = 0;
  return {
    before: () => (cost > HEAVY ? quiet.rest(PAUSE) : quiet.wait()),
    measured: <T>(work: () => T): T => {
      const start = host.now();
      const result = work();
      cost = host.now() - start;
      return result;
    },
  };
}
