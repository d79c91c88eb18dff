import { policyTarget, routeOfOtherGroup } from '../../mesh/linkerdTargets.ts';
import { groupFixes } from '../../schema/linkerd/references.ts';
import { at } from '../../yaml/access.ts';
import { workspaceCheck } from '../check.ts';

/** A policy for an HTTPRoute of the wrong one of two groups. */
export const targetRouteGroup = workspaceCheck({
  facts: {
    code: 'target-route-group',
    severity: 'error',
    what: 'A Linkerd AuthorizationPolicy is for an HTTPRoute of one API group, and the route of that name is of the other.',
    why: 'HTTPRoutes of `policy.linkerd.io` and of `gateway.networking.k8s.io` are different kinds. The policy finds none and authorizes nobody.',
    todo: 'Write the group of the route into `targetRef.group`.',
    source: 'linkerd/linkerd2#13166',
  },
  kinds: ['policy.linkerd.io/AuthorizationPolicy'],
  run(located, { world, report }) {
    const target = policyTarget(located);
    if (!target || world.find(target.key, target.namespace, target.name)) return;
    const route = routeOfOtherGroup(world, target);
    if (!route) return;
    report(
      at(target.node, 'group') ?? target.nameNode,
      `HTTPRoute \`${target.name}\` is of the group \`${route.resource.group}\`; this policy applies to nothing.`,
      {
        fixes: groupFixes(located.document.text, target.node, route.resource.group),
        related: [{ site: { located: route, node: at(route.root, 'apiVersion') ?? route.root }, message: 'the route' }],
      },
    );
  },
});
