import { setFlagsFromString } from 'node:v8';

/**
 * Tells the engine to put less of what a function calls into its optimized code (a tenth of the default).
 *
 * Hundreds of checks become hot one after the other and are done soon after. With the default, as much time goes into
 * compiling them as into running them, on a machine that has other things to do: a first look at 10,000 files takes an
 * eighth less time and a fifth less processor time so, and edits in files that are open take the same. Engines without
 * the flag say so to stderr and go on.
 */
export function tuneEngine(): void {
  setFlagsFromString('--max-inlined-bytecode-size-cumulative=92');
}
