import { hostIndex, hostKey } from '../../model/hostIndex.ts';
import { isApiServer, isOfUnknownNamespace, ownersOfHost, serviceOfHost } from '../../model/hosts.ts';
import type { Located } from '../../model/located.ts';
import { isVisibleIn } from '../../model/visibility.ts';
import { items, text } from '../../yaml/access.ts';
import { type Scope, workspaceCheck } from '../check.ts';

/** A host that a Sidecar lets through and nobody has. */
export const sidecarEgressHostNotFound = workspaceCheck({
  facts: {
    code: 'sidecar-egress-host-not-found',
    severity: 'warning',
    what: 'A Sidecar imports a host that no Service and no ServiceEntry has.',
    why: 'The import brings nothing, so that the host that was meant cannot be reached.',
    todo: 'Write `<namespace>/<host>` with the full name of the host (`name.namespace.svc.cluster.local`), or add the Service or ServiceEntry.',
    peers: ['KIA1004'],
    source: 'kiali/kiali business/checkers/sidecars/egress_host_checker.go',
  },
  kinds: ['networking.istio.io/Sidecar'],
  run(located, scope) {
    for (const node of items(located.root, 'spec', 'egress').flatMap((listener) => items(listener, 'hosts'))) {
      const written = text(node);
      const slash = written?.indexOf('/') ?? -1;
      if (written === undefined || slash === -1) continue;
      const before = written.slice(0, slash);
      const from = before === '.' ? located.namespace : before;
      const host = written.slice(slash + 1);
      if (host === '*' || host === '' || isKnown(host, from, located, scope)) continue;
      if (!scope.settings.closedWorld && isOfUnknownNamespace(scope.world, host, located.namespace)) continue;
      scope.report(node, `${whatIsMissing(host, from, located, scope)}.`, {
        severity: scope.absence === 'error' ? 'warning' : scope.absence,
      });
    }
  },
});

function whatIsMissing(host: string, from: string, { namespace }: Located, { world }: Scope): string {
  const named = serviceOfHost(host, namespace);
  const service = named && world.service(named.namespace, named.name);
  return service && from !== '*' && service.namespace !== from && isVisibleIn(service.located, namespace)
    ? `Service \`${service.name}\` is in namespace \`${service.namespace}\`, and this imports hosts of namespace \`${from}\` only`
    : `No Service or ServiceEntry that namespace \`${namespace}\` can see has the host \`${host}\``;
}

const byHost = hostIndex<Located>(['/Service', 'networking.istio.io/ServiceEntry'], (located) => {
  if (located.resource.kind === 'Service') return [[`${located.name}.${located.namespace}`, located]];
  return items(located.root, 'spec', 'hosts').flatMap((node) => {
    const host = text(node);
    return host === undefined ? [] : [[hostKey(host, located.namespace), located] as const];
  });
});

function isKnown(host: string, from: string, located: Located, { world }: Scope): boolean {
  if (isApiServer(host, located.namespace)) return true;
  if (!host.startsWith('*')) {
    // Whether the namespace before the slash is that of the ServiceEntry is not asked: generated entries move.
    return ownersOfHost(world, host, located.namespace).some(
      ({ located: owner }) =>
        isVisibleIn(owner, located.namespace) &&
        (owner.resource.kind !== 'Service' || from === '*' || owner.namespace === from),
    );
  }
  const key = hostKey(host, located.namespace);
  const candidates = [...byHost.exact(world, key), ...byHost.narrower(world, key), ...byHost.wider(world, key)];
  return candidates.some(
    (owner) => (from === '*' || owner.namespace === from) && isVisibleIn(owner, located.namespace),
  );
}
