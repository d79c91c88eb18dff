import { isAmbientNamespace } from '../../mesh/enrolment.ts';
import { ROUTE_KINDS, routeFacts } from '../../model/routes.ts';
import { at } from '../../yaml/access.ts';
import { workspaceCheck } from '../check.ts';

/** A route whose parent is a headless Service. */
export const headlessParent = workspaceCheck({
  facts: {
    code: 'headless-parent',
    severity: 'warning',
    what: 'A route has a headless Service as its parent.',
    why: 'Clients of a headless Service call its pods by their own addresses. Linkerd does not accept the route, and the proxies of other meshes do not find the Service in such calls.',
    todo: 'Give the Service a cluster address (remove `clusterIP: None`), or add a second Service for the route.',
    peers: ['LKD:no-matching-parent'],
    source: 'linkerd/linkerd2:policy-controller/k8s/status/src/index.rs, headless_parent',
  },
  kinds: ROUTE_KINDS,
  run(route, { world, report }) {
    for (const parent of routeFacts(route).parents) {
      const service = parent.key === '/Service' ? world.service(parent.namespace, parent.name) : undefined;
      // In ambient mode, headless Services and waypoints are the matter of another check.
      if (!service?.headless || isAmbientNamespace(world, service.namespace)) continue;
      report(
        parent.nameNode,
        `Service \`${parent.name}\` is headless, so this ${route.resource.kind} is not followed: clients call its pods directly.`,
        {
          related: [
            {
              site: {
                located: service.located,
                node: at(service.located.root, 'spec', 'clusterIP') ?? service.located.root,
              },
              message: 'the Service has no cluster address',
            },
          ],
        },
      );
    }
  },
});
