import { ROUTE_KINDS, readsBackends, routeFacts } from '../../model/routes.ts';
import { at } from '../../yaml/access.ts';
import { replaceScalar } from '../../yaml/edits.ts';
import { workspaceCheck } from '../check.ts';

/** A port that the Service behind a route, or above it, does not have. */
export const backendPortNotFound = workspaceCheck({
  facts: {
    code: 'backend-port-not-found',
    severity: 'error',
    what: 'A route names a port that the Service does not have.',
    why: 'A backend without that port answers status 500; a parent without it is never routed.',
    todo: 'Write a port of the Service (`spec.ports[].port`), not the port of the container behind it.',
    source: 'Gateway API specification, BackendRef.port and ParentReference.port',
  },
  kinds: ROUTE_KINDS,
  run(located, { world, report }) {
    const { parents, backends } = routeFacts(located);
    for (const { key, namespace, name, port, node } of [...parents, ...(readsBackends(located) ? backends : [])]) {
      const service = key === '/Service' ? world.service(namespace, name) : undefined;
      const where = at(node, 'port');
      if (!service || !where || port === undefined || service.externalName !== undefined) continue;
      if (service.ports.length === 0 || service.ports.some((candidate) => candidate.port === port)) continue;
      const ports = service.ports.map((candidate) => `\`${candidate.port}\``).join(', ');
      const target = service.ports.find(({ targetPort }) => targetPort === port);
      const hint = target ? ` \`${port}\` is the container port behind \`${target.port}\`.` : '';
      const only = target ?? (service.ports.length === 1 ? service.ports[0] : undefined);
      report(where, `Service \`${namespace}/${name}\` has no port \`${port}\`, only ${ports}.${hint}`, {
        fixes:
          only && where.kind === 'scalar'
            ? [{ title: `Change to \`${only.port}\``, safe: false, edits: [replaceScalar(where, only.port)] }]
            : [],
        related: service.ports.slice(0, 1).map((first) => ({
          site: { located: service.located, node: first.node },
          message: 'the ports of the Service',
        })),
      });
    }
  },
});
