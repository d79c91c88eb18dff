import type { Located } from '../../model/located.ts';
import { isGranted } from '../../model/referenceGrants.ts';
import {
  GATEWAY_API,
  isRoute,
  LINKERD_POLICY,
  type ObjectReference,
  ROUTE_KINDS,
  referenceOf,
  routeFacts,
} from '../../model/routes.ts';
import type { Fix } from '../../schema/rule.ts';
import { at, items } from '../../yaml/access.ts';
import { newlineOf } from '../../yaml/edits.ts';
import { workspaceCheck } from '../check.ts';

/** A reference into another namespace without a ReferenceGrant there. */
export const referenceNotGranted = workspaceCheck({
  facts: {
    code: 'reference-not-granted',
    severity: 'error',
    what: 'A route or Gateway refers to something in another namespace, and no ReferenceGrant there allows it.',
    why: 'The reference is not followed: a backend answers with status 500, a listener without its certificate is not served.',
    todo: 'Put a ReferenceGrant into the namespace that is referred to.',
    peers: ['GWAPI:not-permitted'],
    source: 'Gateway API specification, ReferenceGrant; kubernetes-sigs/gwctl',
  },
  kinds: [...ROUTE_KINDS, `${GATEWAY_API}/Gateway`, `${GATEWAY_API}/ListenerSet`],
  run(located, { world, settings, absence, report }) {
    for (const reference of references(located)) {
      const { namespace, name, kind, key, nameNode, node } = reference;
      if (namespace === located.namespace || !located.namespaceKnown) continue;
      const group = key.slice(0, key.indexOf('/'));
      if (isGranted(world, { from: located, target: { group, kind, namespace, name } })) continue;
      // What is not there at all is another fault, and of an unknown namespace nothing is known.
      if (!world.find(key, namespace, name) && (key !== '/Secret' || !settings.closedWorld)) continue;
      const who = `${located.resource.kind}s of namespace \`${located.namespace}\``;
      report(
        at(node, 'namespace') ?? nameNode,
        `No ReferenceGrant in namespace \`${namespace}\` lets ${who} refer to ${kind} \`${name}\`.`,
        {
          severity: absence,
          peers: isRoute(located) ? ['KIA1402'] : [],
          fixes: grantFix(located, reference),
        },
      );
    }
  },
});

function references(located: Located): readonly ObjectReference[] {
  if (isRoute(located)) return isLinkerds(located) ? [] : routeFacts(located).backends;
  const defaults = { group: '', kind: 'Secret', namespace: located.namespace };
  return items(located.root, 'spec', 'listeners').flatMap((listener) =>
    items(listener, 'tls', 'certificateRefs').flatMap((node) => referenceOf(node, defaults)),
  );
}

/** Linkerd's proxies follow backends without a grant: those of Linkerd's own HTTPRoute, and under parents of Linkerd's. */
function isLinkerds(route: Located): boolean {
  const { parents } = routeFacts(route);
  return (
    route.resource.group !== GATEWAY_API ||
    (parents.length > 0 && parents.every(({ key }) => key.startsWith(`${LINKERD_POLICY}/`)))
  );
}

/** A new document behind this one. Not where a kustomization decides the namespace, and not in JSON. */
function grantFix(located: Located, { namespace, name, kind, key }: ObjectReference): Fix[] {
  const { text } = located.document;
  if (
    located.resource.namespace !== located.namespace ||
    located.root.kind !== 'map' ||
    located.root.flow ||
    located.root.parent
  )
    return [];
  const newline = newlineOf(text);
  const group = key.slice(0, key.indexOf('/'));
  const grant = [
    '---',
    'apiVersion: gateway.networking.k8s.io/v1beta1',
    'kind: ReferenceGrant',
    'metadata:',
    `  name: ${located.name}-to-${name}`,
    `  namespace: ${namespace}`,
    'spec:',
    '  from:',
    `    - group: ${located.resource.group}`,
    `      kind: ${located.resource.kind}`,
    `      namespace: ${located.namespace}`,
    '  to:',
    `    - group: ${group === '' ? '""' : group}`,
    `      kind: ${kind}`,
    `      name: ${name}`,
    '',
  ].join(newline);
  const lead = text.endsWith('\n') ? '' : newline;
  return [
    {
      title: `Add a ReferenceGrant to namespace \`${namespace}\``,
      safe: false,
      edits: [{ span: { start: text.length, end: text.length }, text: lead + grant }],
    },
  ];
}
