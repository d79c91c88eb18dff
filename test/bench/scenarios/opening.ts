import { startLanguageServer } from '../languageServer.ts';
import { inTurns, type Scenario } from '../measurements.ts';
import { smallFiles } from '../meshText.ts';
import { errorsOf, positionOf } from '../places.ts';

const { faulty, destinationRule, linkerd } = smallFiles();
const fault = positionOf(faulty, 'perTryTimeuot');
const WARM_UP = 3;

export const opening: Scenario = {
  name: 'S2',
  title: 'Open a small file in a running server',
  async run(bench) {
    const servers = await Promise.all(
      bench.setups.map(async (setup) => ({ setup, server: await startLanguageServer(setup, bench.workspace) })),
    );
    await inTurns(servers, bench.times(30, 8) + WARM_UP, async ({ setup, server }, round) => {
      const record = (metric: string, ms: number) => round >= WARM_UP && bench.record(metric, setup, ms);
      const atFault = (line: number) => line === fault.line;
      const first = await server.open(`routes-${round}.yaml`, faulty, (found) =>
        found.some(({ range }) => atFault(range.start.line)),
      );
      record('a VirtualService with a fault', first.ms);
      bench.check(
        'the fault is found',
        setup,
        first.value.some(({ range }) => atFault(range.start.line)),
      );
      const clean = { 'a DestinationRule': destinationRule, 'three Linkerd documents': linkerd };
      for (const [title, text] of Object.entries(clean)) {
        const file = `${title.replaceAll(' ', '-')}-${round}.yaml`;
        const { ms, value } = await server.open(file, text);
        record(title, ms);
        bench.check('no false error', setup, errorsOf(value).length === 0);
        await server.close(file);
      }
      await server.close(`routes-${round}.yaml`);
    });
    for (const { server } of servers) await server.stop();
  },
};
