import { LINKERD_POLICY, ROUTE_KINDS, routeFacts } from '../../model/routes.ts';
import { workspaceCheck } from '../check.ts';

const EGRESS = `${LINKERD_POLICY}/EgressNetwork`;

/** An EgressNetwork as backend where the route does not come from it. */
export const egressBackendParent = workspaceCheck({
  facts: {
    code: 'egress-backend-parent',
    severity: 'error',
    what: 'A route sends traffic to an EgressNetwork that is not its parent.',
    why: 'An EgressNetwork stands for where the traffic was going anyway, so it can be a backend only under itself. Elsewhere Linkerd takes the backend as invalid and answers with status 500.',
    todo: 'Make the EgressNetwork the parent of the route, or send to a Service.',
    peers: ['LKD:invalid-kind'],
    source: 'linkerd/linkerd2:policy-controller/k8s/status/src/index.rs, InvalidKind',
  },
  kinds: ROUTE_KINDS,
  run(route, { report }) {
    // Under a Server, backends are not read.
    const parents = routeFacts(route).parents.filter(({ key }) => key !== `${LINKERD_POLICY}/Server`);
    for (const { key, namespace, name, nameNode } of routeFacts(route).backends) {
      if (key !== EGRESS) continue;
      const others = parents.filter(
        (parent) => parent.key !== EGRESS || parent.namespace !== namespace || parent.name !== name,
      );
      const [other] = others;
      if (!other) continue;
      const message =
        others.length === parents.length
          ? `EgressNetwork \`${name}\` is no parent of this route, so it cannot be a backend of it.`
          : `EgressNetwork \`${name}\` can be a backend only under itself, and ${other.kind} \`${other.name}\` is a parent of this route as well.`;
      report(nameNode, message);
    }
  },
});
