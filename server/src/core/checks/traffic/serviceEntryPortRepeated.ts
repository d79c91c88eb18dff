import { describeLocated } from '../../model/located.ts';
import { entryPorts, rivalPort } from '../../model/serviceEntries.ts';
import { at } from '../../yaml/access.ts';
import { workspaceCheck } from '../check.ts';

/** Two ServiceEntries that define the same port of the same host in the same way. */
export const serviceEntryPortRepeated = workspaceCheck({
  facts: {
    code: 'service-entry-port-repeated',
    severity: 'warning',
    what: 'Two ServiceEntries define the same port of the same host.',
    why: 'Istio puts them together or takes the older one, depending on their settings; a change to one of them may do nothing.',
    todo: 'Keep one ServiceEntry for the host, or limit who sees each with `exportTo`.',
    peers: ['KIA1211'],
    source: 'kiali/kiali business/checkers/serviceentries',
  },
  kinds: ['networking.istio.io/ServiceEntry'],
  run(located, scope) {
    for (const own of entryPorts(located)) {
      const rival = rivalPort(scope.world, own, (other) => other.protocol === own.protocol);
      if (!rival) continue;
      scope.report(
        at(own.node, 'number') ?? own.node,
        `${describeLocated(rival.located)} also defines port ${own.port} of \`${own.host}\`: a change to one of the two may do nothing.`,
        {
          related: [{ site: { located: rival.located, node: rival.node }, message: 'the same port' }],
        },
      );
    }
  },
});
