import type { KindKey, Located } from '../../model/located.ts';
import {
  GATEWAY_API,
  isRoute,
  LINKERD_POLICY,
  type ObjectReference,
  ROUTE_KINDS,
  referenceOf,
  routeFacts,
} from '../../model/routes.ts';
import { at } from '../../yaml/access.ts';
import { type Scope, workspaceCheck } from '../check.ts';
import { slipOf } from '../slip.ts';

/** Kinds whose resources a workspace can be expected to have. Others may come from any controller. */
const PARENTS: Readonly<Record<KindKey, readonly string[]>> = {
  [`${GATEWAY_API}/Gateway`]: ['KIA1401', 'GWAPI:not-found'],
  [`${GATEWAY_API}/ListenerSet`]: ['GWAPI:not-found'],
  '/Service': ['KIA1402', 'GWAPI:not-found', 'LKD:no-matching-parent'],
  'networking.istio.io/ServiceEntry': [],
  [`${LINKERD_POLICY}/Server`]: ['LKD:no-matching-parent'],
  [`${LINKERD_POLICY}/EgressNetwork`]: ['LKD:no-matching-parent'],
};

/** A parent of a route or of a ListenerSet that nobody defines. */
export const parentNotFound = workspaceCheck({
  facts: {
    code: 'parent-not-found',
    severity: 'error',
    what: 'A route or ListenerSet names a parent (Gateway, Service, Server …) that the workspace does not have.',
    why: 'It is attached to nothing: no proxy follows it, and nothing says so outside of its status.',
    todo: 'Correct the name, or add `namespace`: without it the parent is looked for in the namespace of the resource itself.',
    source: 'kiali/kiali business/checkers/k8shttproutes; linkerd/linkerd2 policy-controller/k8s/status',
  },
  kinds: [...ROUTE_KINDS, `${GATEWAY_API}/ListenerSet`],
  run(located, scope) {
    for (const parent of parentsOf(located)) {
      const peers = PARENTS[parent.key];
      if (!peers || scope.world.find(parent.key, parent.namespace, parent.name)) continue;
      if (!mayJudge(scope, parent)) continue;
      const elsewhere = scope.world.ofKind(parent.key).find(({ name }) => name === parent.name);
      const siblings = scope.world.ofKind(parent.key).filter(({ namespace }) => namespace === parent.namespace);
      const { near, fixes, ...slip } = slipOf(
        parent.nameNode,
        parent.name,
        siblings.map(({ name }) => name),
      );
      const hint =
        near === undefined && elsewhere ? ` There is one in namespace \`${elsewhere.namespace}\`.` : slip.hint;
      scope.report(
        parent.nameNode,
        `Namespace \`${parent.namespace}\` has no ${parent.kind} \`${parent.name}\`, so this ${located.resource.kind} is attached to nothing there.${hint}`,
        {
          severity: scope.absence,
          peers,
          fixes,
          related:
            elsewhere && near === undefined
              ? [
                  {
                    site: { located: elsewhere, node: elsewhere.root },
                    message: `${elsewhere.kindKey.split('/')[1]} of the same name`,
                  },
                ]
              : [],
        },
      );
    }
  },
});

function parentsOf(located: Located): readonly ObjectReference[] {
  if (isRoute(located)) return routeFacts(located).parents;
  const defaults = { group: GATEWAY_API, kind: 'Gateway', namespace: located.namespace };
  return referenceOf(at(located.root, 'spec', 'parentRef'), defaults);
}

/** Of a namespace that the workspace does not know, nothing can be said unless the workspace is the whole cluster. */
function mayJudge(scope: Scope, parent: ObjectReference): boolean {
  return scope.settings.closedWorld || scope.world.hasNamespace(parent.namespace);
}
