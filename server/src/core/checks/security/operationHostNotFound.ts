import { isOfUnknownNamespace, ownersOfHost, serviceOfHost } from '../../model/hosts.ts';
import { worldIndex } from '../../model/worldIndex.ts';
import { at, items, text } from '../../yaml/access.ts';
import { workspaceCheck } from '../check.ts';
import { slipOf } from '../slip.ts';

/** Hosts by which VirtualServices are asked for; a policy at a gateway may name any of them. */
const routedHosts = worldIndex(['networking.istio.io/VirtualService'], (located) =>
  items(located.root, 'spec', 'hosts').flatMap((node) => {
    const host = text(node);
    return host === undefined ? [] : [[host.toLowerCase(), located] as const];
  }),
);

/** A host in an AuthorizationPolicy that looks like a Service and is none. */
export const operationHostNotFound = workspaceCheck({
  facts: {
    code: 'operation-host-not-found',
    severity: 'error',
    what: 'An AuthorizationPolicy names the host of a Service that the workspace does not have.',
    why: 'The field is compared with the Host header as it is sent. A host that nobody asks for matches no request: an ALLOW admits nobody, a DENY stops nobody.',
    todo: 'Correct the host, and list the forms that clients use: the short name, with the namespace, and the full name.',
    source: 'kiali/kiali business/checkers/authorization/no_host_checker.go',
  },
  kinds: ['security.istio.io/AuthorizationPolicy'],
  run(located, scope) {
    const { world } = scope;
    for (const node of operationHosts(located.root)) {
      const written = text(node);
      const host = written?.replace(/:(?:\d+|\*)$/, '').toLowerCase();
      if (!written || !host || host.includes('*') || !isServiceLike(host)) continue;
      const named = serviceOfHost(host, located.namespace);
      if (!named || isOfUnknownNamespace(world, host, located.namespace)) continue;
      if (ownersOfHost(world, host, located.namespace).length > 0 || routedHosts(world, host).length > 0) continue;
      const { hint, fixes } = slipOf(
        node,
        named.name,
        world.services(named.namespace).map(({ name }) => name),
        (near) => near + written.slice(named.name.length),
      );
      scope.report(
        node,
        `Namespace \`${named.namespace}\` has no Service \`${named.name}\` in this workspace, so no request is for this host.${hint}`,
        {
          severity: scope.absence,
          // The peer leaves full names alone.
          peers: host.includes('.svc') ? [] : ['KIA0104'],
          fixes,
        },
      );
    }
  },
});

function operationHosts(policy: Parameters<typeof at>[0]) {
  return items(policy, 'spec', 'rules').flatMap((rule) =>
    items(rule, 'to').flatMap((to) => ['hosts', 'notHosts'].flatMap((field) => items(at(to, 'operation'), field))),
  );
}

/** Other names may be of anything outside the cluster. */
function isServiceLike(host: string): boolean {
  return /^[a-z0-9-]+(?:\.[a-z0-9-]+)?$/.test(host) ? host !== 'localhost' : /\.svc(?:\.|$)/.test(host);
}
