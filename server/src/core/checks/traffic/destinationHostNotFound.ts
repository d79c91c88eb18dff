import { hostKey } from '../../model/hostIndex.ts';
import { fullHost, isApiServer, isOfUnknownNamespace, ownersOfHost, serviceOfHost } from '../../model/hosts.ts';
import { describeLocated, type Located } from '../../model/located.ts';
import { destinationRuleFacts, destinationRulesByHost, virtualServiceFacts } from '../../model/traffic.ts';
import { exportedTo, isVisibleIn } from '../../model/visibility.ts';
import type { World } from '../../model/world.ts';
import type { YamlNode } from '../../yaml/tree.ts';
import { type Scope, workspaceCheck } from '../check.ts';
import { slipOf } from '../slip.ts';

/** A host that no Service and no ServiceEntry has. */
export const destinationHostNotFound = workspaceCheck({
  facts: {
    code: 'destination-host-not-found',
    severity: 'error',
    what: 'A route or a DestinationRule names a host that no Service and no ServiceEntry of the workspace has.',
    why: 'A route to it answers 503; a DestinationRule for it changes nothing.',
    todo: 'Correct the host, or add the Service or ServiceEntry. A short name means the namespace of the resource that names it.',
    source: 'istio/istio pkg/config/analysis/analyzers/virtualservice/destinationhosts.go',
  },
  kinds: ['networking.istio.io/VirtualService', 'networking.istio.io/DestinationRule'],
  run(located, scope) {
    if (located.resource.kind === 'VirtualService') {
      for (const { host, hostNode } of virtualServiceFacts(located).destinations) {
        if (!isKnownHost(scope.world, host, located) && !hasOwnRule(scope.world, host, located))
          reportMissing(scope, located, hostNode, host, ['IST0101', 'KIA1101']);
      }
      return;
    }
    const { hostNode, host } = destinationRuleFacts(located);
    if (hostNode && host !== undefined && !isKnownHost(scope.world, host, located))
      reportMissing(scope, located, hostNode, host, ['IST0174', 'KIA0202']);
  },
});

function isKnownHost(world: World, host: string, located: Located): boolean {
  if (host.includes('*') || isApiServer(host, located.namespace)) return true;
  const owners = ownersOfHost(world, host, located.namespace);
  return viewersOf(located).every((namespace) => owners.some((owner) => isVisibleIn(owner.located, namespace)));
}

/** Who takes the routes: the namespaces that `exportTo` names, else at least the one that they stand in. */
function viewersOf(located: Located): readonly string[] {
  const named = located.resource.kind === 'VirtualService' ? exportedTo(located) : undefined;
  return named && !named.includes('~') ? named : [located.namespace];
}

/** A missing host is reported once: at the DestinationRule for it, if there is one. */
function hasOwnRule(world: World, host: string, located: Located): boolean {
  return destinationRulesByHost
    .exact(world, hostKey(host, located.namespace))
    .some((rule) => isVisibleIn(rule.located, located.namespace));
}

function reportMissing(scope: Scope, located: Located, node: YamlNode, host: string, peers: readonly string[]): void {
  const { world, settings } = scope;
  const hidden = ownersOfHost(world, host, located.namespace)[0];
  if (hidden) {
    const viewers = viewersOf(located).filter((namespace) => !isVisibleIn(hidden.located, namespace));
    const where = viewers.map((namespace) => `\`${namespace}\``).join(', ');
    scope.report(
      node,
      `${describeLocated(hidden.located)} has this host, but its \`exportTo\` hides it from namespace ${where}.`,
      {
        peers,
        related: [
          {
            site: { located: hidden.located, node: hidden.node ?? hidden.located.root },
            message: 'not exported to this namespace',
          },
        ],
      },
    );
    return;
  }
  if (!settings.closedWorld && isOfUnknownNamespace(world, host, located.namespace)) return;
  const service = serviceOfHost(host, located.namespace);
  const names = service ? world.services(service.namespace).map(({ name }) => name) : [];
  const name = service?.name ?? host;
  const { hint, fixes } = slipOf(node, name, names, (near) => near + host.slice(name.length));
  scope.report(
    node,
    `No Service or ServiceEntry of the workspace has the host \`${fullHost(host, located.namespace)}\`.${hint}`,
    {
      severity: scope.absence,
      peers,
      fixes,
    },
  );
}
