import { describeLocated } from '../../model/located.ts';
import { entryPorts, entryPortsByHost } from '../../model/serviceEntries.ts';
import { importsHost, seenTogether } from '../../model/visibility.ts';
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
      if (!importsHost(scope.world, located.namespace, own.key)) continue;
      const rival = entryPortsByHost
        .exact(scope.world, own.key)
        .find(
          (other) =>
            other.port === own.port &&
            other.protocol === own.protocol &&
            !(other.located.name === located.name && other.located.namespace === located.namespace) &&
            seenTogether(located, other.located),
        );
      if (!rival) continue;
      scope.report(
        at(own.node, 'number') ?? own.node,
        `${describeLocated(rival.located)} also defines port ${own.port} of \`${own.host}\`.`,
        {
          related: [{ site: { located: rival.located, node: rival.node }, message: 'the same port' }],
        },
      );
    }
  },
});
