import { LINKERD_POLICY, ROUTE_KINDS, readsBackends, routeFacts } from '../../model/routes.ts';
import { workspaceCheck } from '../check.ts';
import { slipOf } from '../slip.ts';

const BACKENDS = ['/Service', `${LINKERD_POLICY}/EgressNetwork`];

/** A backend of a route that nobody defines. */
export const backendNotFound = workspaceCheck({
  facts: {
    code: 'backend-not-found',
    severity: 'error',
    what: 'A route sends traffic to a Service that the workspace does not have.',
    why: 'The share of the requests that should go there is answered with status 500.',
    todo: 'Correct the name, or add `namespace`: without it the backend is looked for in the namespace of the route.',
    peers: ['KIA1402', 'LKD:backend-not-found', 'GWAPI:not-found'],
    source:
      'kiali/kiali business/checkers/k8shttproutes/no_host_checker.go; linkerd/linkerd2 policy-controller/k8s/status',
  },
  kinds: ROUTE_KINDS,
  run(located, { world, settings, absence, report }) {
    if (!readsBackends(located)) return;
    for (const backend of routeFacts(located).backends) {
      const { key, kind, namespace, name, nameNode } = backend;
      if (!BACKENDS.includes(key) || world.find(key, namespace, name)) continue;
      if (!settings.closedWorld && !world.hasNamespace(namespace)) continue;
      const { hint, fixes } = slipOf(
        nameNode,
        name,
        world.ofKind(key).flatMap((candidate) => (candidate.namespace === namespace ? [candidate.name] : [])),
      );
      report(
        nameNode,
        `Namespace \`${namespace}\` has no ${kind} \`${name}\`; requests for it are answered with status 500.${hint}`,
        {
          severity: absence,
          fixes,
        },
      );
    }
  },
});
