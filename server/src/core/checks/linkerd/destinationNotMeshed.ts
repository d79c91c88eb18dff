import { isUnmeshed } from '../../mesh/enrolment.ts';
import { podsOfServer, SERVER } from '../../mesh/linkerdServers.ts';
import { selectionOf, selectorOf } from '../../mesh/selection.ts';
import { hasTargetRefs } from '../../mesh/ztunnelPolicy.ts';
import type { Located } from '../../model/located.ts';
import { at } from '../../yaml/access.ts';
import { type Scope, workspaceCheck } from '../check.ts';

const AUTHORIZATION_POLICY = 'security.istio.io/AuthorizationPolicy';

/** A policy for pods that have no proxy, in either mesh. */
export const destinationNotMeshed = workspaceCheck({
  facts: {
    code: 'destination-not-meshed',
    severity: 'warning',
    what: 'A Linkerd Server or an Istio AuthorizationPolicy is for pods that are not in the mesh.',
    why: 'Policies are enforced on the side of the server, by its proxy or by ztunnel. Without them, everybody who reaches the pods is let in, without encryption.',
    todo: 'Enroll the pods: annotate namespace or pod template with `linkerd.io/inject: enabled`; for Istio label them with `istio.io/dataplane-mode: ambient`, or have a sidecar injected.',
    source: 'linkerd/linkerd2:pkg/inject/report.go; linkerd/website: features/proxy-injection',
  },
  kinds: [SERVER, AUTHORIZATION_POLICY],
  run(located, scope) {
    if (located.resource.kind === 'Server') judgeServer(located, scope);
    else judgePolicy(located, scope);
  },
});

function judgeServer(server: Located, { world, report }: Scope): void {
  const where = at(server.root, 'spec', 'podSelector');
  const pod = podsOfServer(world, server).find((candidate) => isUnmeshed(world, candidate));
  if (!where || !pod) return;
  const reason = pod.hostNetwork ? 'run in the network of the node' : 'are not injected';
  report(
    where,
    `The pods of \`${pod.name}\` ${reason}, so they have no proxy that could enforce this Server and its policies.`,
    {
      related: pod.metadata
        ? [{ site: { located: pod.located, node: pod.metadata }, message: 'the pod template' }]
        : [],
    },
  );
}

/** A policy of the root namespace is a default for what will be enrolled too; one with targets is for waypoints. */
function judgePolicy(policy: Located, { world, meshConfig, report }: Scope): void {
  const selector = selectorOf(policy);
  const where = selector ?? at(policy.root, 'metadata', 'name');
  if (!where || hasTargetRefs(policy.root) || (!selector && policy.namespace === meshConfig.rootNamespace)) return;
  const { workloads } = selectionOf(world, meshConfig.rootNamespace, policy);
  const [first] = workloads;
  if (!first || !workloads.every((workload) => isUnmeshed(world, workload))) return;
  report(where, `None of the pods that this policy selects is in the mesh (\`${first.name}\`): nothing enforces it.`, {
    peers: selector ? ['IST0127'] : [],
    related: workloads
      .slice(0, 3)
      .flatMap(({ located, metadata }) =>
        metadata ? [{ site: { located, node: metadata }, message: 'not enrolled' }] : [],
      ),
  });
}
