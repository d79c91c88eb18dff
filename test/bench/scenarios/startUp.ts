import type { Diagnostic } from 'vscode-languageserver/node';
import { startLanguageServer } from '../languageServer.ts';
import { inTurns, PEAK_MEMORY, type Scenario } from '../measurements.ts';
import { smallFiles } from '../meshText.ts';
import { positionOf } from '../places.ts';

const { faulty } = smallFiles();
const fault = positionOf(faulty, 'perTryTimeuot');

export const startUp: Scenario = {
  name: 'S1',
  title: 'Start, then one small file with one fault',
  async run(bench) {
    const rounds = bench.times(9, 3);
    await inTurns(bench.setups, rounds + 1, async (setup, round) => {
      const server = await startLanguageServer(setup, bench.workspace);
      const { value } = await server.open('first.yaml', faulty, (found) => found.some(isFault));
      const shown = server.sinceStart();
      bench.check('the fault is found', setup, value.some(isFault));
      // The first round fills the caches of the disk.
      if (round > 0) {
        bench.record('start → initialized', setup, server.initialized);
        bench.record('start → first diagnostics', setup, shown);
        bench.record('processor time', setup, server.processorTime());
        bench.record(PEAK_MEMORY, setup, server.peakMemory());
      }
      await server.stop();
    });
  },
};

function isFault({ range }: Diagnostic): boolean {
  return range.start.line === fault.line;
}
