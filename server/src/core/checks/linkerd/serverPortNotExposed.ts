import { podsOfServer, portOfServer, SERVER } from '../../mesh/linkerdServers.ts';
import { asScalar, at, text } from '../../yaml/access.ts';
import { workspaceCheck } from '../check.ts';
import { slipOf } from '../slip.ts';

/** A Server for a port that its pods do not declare. */
export const serverPortNotExposed = workspaceCheck({
  facts: {
    code: 'server-port-not-exposed',
    severity: 'warning',
    what: 'A Linkerd Server is about a port that none of its pods declares.',
    why: 'A name that no container port has covers nothing, so the default policy applies to the port that was meant. A number of a port where nothing listens protects nothing.',
    todo: 'Write the number or the name of a container port of the pods, not of the Service.',
    source: 'linkerd/website: reference/authorization-policy; linkerd/linkerd2#13166',
  },
  kinds: [SERVER],
  run(server, { world, report }) {
    const node = asScalar(at(server.root, 'spec', 'port'));
    const port = text(node);
    const pods = podsOfServer(world, server);
    if (!node || port === undefined || pods.length === 0) return;
    const named = !/^\d+$/.test(port);
    // A number in quotes is a fault of its own; ports of the proxy are added at injection.
    if ((node.type === 'string' && !named) || port.startsWith('linkerd-')) return;
    const declared = pods.flatMap((pod) => pod.ports);
    if (declared.length === 0 && !named) return;
    if (pods.some((pod) => pod.ports.some((candidate) => candidate.port === portOfServer(server, pod)))) return;
    const names = [...new Set(declared.flatMap(({ name }) => name ?? []))];
    const { hint, fixes } = slipOf(node, port, named ? names : []);
    const known = [
      ...new Set(
        declared.map((candidate) =>
          candidate.name === undefined ? `\`${candidate.port}\`` : `\`${candidate.name}\` (${candidate.port})`,
        ),
      ),
    ];
    const first = pods[0];
    report(
      node,
      `No container of the pods of \`${first?.name}\` declares the port \`${port}\`${known.length > 0 ? `, only ${known.join(', ')}` : ''}.${hint}`,
      {
        fixes,
        related: first?.spec
          ? [{ site: { located: first.located, node: first.spec }, message: 'the pods that the Server selects' }]
          : [],
      },
    );
  },
});
