import { attachedTo, MESH_ROUTES, meshParentsOf } from '../../mesh/targets.ts';
import { addresseeBinding } from '../../mesh/waypoints.ts';
import { at, items, text } from '../../yaml/access.ts';
import { workspaceCheck } from '../check.ts';

/** A route of a waypoint to a Service that has policies of its own. */
export const backendPolicySkipped = workspaceCheck({
  facts: {
    code: 'backend-policy-skipped',
    severity: 'warning',
    what: 'A route of a waypoint sends requests to another Service, which has policies at its waypoint.',
    why: 'Waypoints do not chain: the waypoint of the first Service calls the pods of the other directly. Its policies are for requests that are addressed to it, and see none of these.',
    todo: 'Attach the policies to the first Service as well, or to the waypoint (`kind: Gateway`).',
    source: 'istio/istio@1.30.3:pilot/pkg/xds/endpoints/endpoint_builder.go',
  },
  kinds: MESH_ROUTES,
  run(located, { world, report }) {
    const parents = meshParentsOf(located).flatMap(({ key, namespace, name }) => {
      const parent = world.find(key, namespace, name);
      return parent && addresseeBinding(world, parent).state === 'bound' ? [parent] : [];
    });
    const [parent] = parents;
    if (!parent) return;
    for (const backend of items(located.root, 'spec', 'rules').flatMap((rule) => items(rule, 'backendRefs'))) {
      const node = at(backend, 'name');
      const name = text(node);
      if (!node || name === undefined || (text(backend, 'kind') ?? 'Service') !== 'Service') continue;
      const namespace = text(backend, 'namespace') ?? located.namespace;
      const own = parents.some((candidate) => candidate.name === name && candidate.namespace === namespace);
      const skipped = attachedTo(world, '/Service', namespace, name).filter(({ located: { resource } }) =>
        resource.group.startsWith('security.'),
      );
      if (own || skipped.length === 0) continue;
      report(
        node,
        `Requests to \`${parent.name}\` that go on to \`${name}\` skip what is attached there (${[...new Set(skipped.map((site) => `${site.located.resource.kind} \`${site.located.name}\``))].join(', ')}): the waypoint of \`${parent.name}\` calls its pods directly.`,
        { related: skipped.map((site) => ({ site, message: 'Skipped by this route' })) },
      );
    }
  },
});
