import { describeLocated } from '../../model/located.ts';
import { entryPorts, rivalPort } from '../../model/serviceEntries.ts';
import { at } from '../../yaml/access.ts';
import { workspaceCheck } from '../check.ts';

/** Two ServiceEntries that give one port of one host different protocols. */
export const serviceEntryProtocolConflict = workspaceCheck({
  facts: {
    code: 'service-entry-protocol-conflict',
    severity: 'warning',
    what: 'Two ServiceEntries give the same port of the same host different protocols.',
    why: 'A proxy can treat the port in one way only; which one it is depends on their age.',
    todo: 'Give the port the same protocol in both, or limit who sees each with `exportTo`.',
    peers: ['IST0177', 'KIA1212'],
    source: 'istio/istio pkg/config/analysis/analyzers/serviceentry; kiali/kiali business/checkers/serviceentries',
  },
  kinds: ['networking.istio.io/ServiceEntry'],
  run(located, scope) {
    for (const own of entryPorts(located)) {
      const rival = rivalPort(scope.world, own, (other) => other.protocol !== own.protocol);
      if (!rival) continue;
      scope.report(
        at(own.node, 'protocol') ?? at(own.node, 'number') ?? own.node,
        `Port ${own.port} of \`${own.host}\` is ${own.protocol} here and ${rival.protocol} in ${describeLocated(rival.located)}; proxies treat it in one of the two ways.`,
        {
          related: [
            {
              site: { located: rival.located, node: at(rival.node, 'protocol') ?? rival.node },
              message: 'the other protocol',
            },
          ],
        },
      );
    }
  },
});
