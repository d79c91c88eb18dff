import { SKIP_INBOUND_PORTS, skippedInboundPorts } from '../../mesh/linkerdPorts.ts';
import { podsOfServer, portOfServer, SERVER } from '../../mesh/linkerdServers.ts';
import { at } from '../../yaml/access.ts';
import { workspaceCheck } from '../check.ts';

/** A Server for a port that does not pass the proxy. */
export const policyOnSkippedPort = workspaceCheck({
  facts: {
    code: 'policy-on-skipped-port',
    severity: 'error',
    what: 'A Linkerd Server covers a port that its pods take past the proxy (`config.linkerd.io/skip-inbound-ports`).',
    why: 'The proxy does not see the connections: whoever reaches the pod is let in, whatever the policies say.',
    todo: 'Take the port out of `skip-inbound-ports`. Where only protocol detection is in the way, `opaque-ports` keeps the policies.',
    source: 'linkerd/linkerd2:pkg/inject; proxy-init',
  },
  kinds: [SERVER],
  run(server, { world, report }) {
    const node = at(server.root, 'spec', 'port');
    if (!node) return;
    for (const pod of podsOfServer(world, server)) {
      const port = portOfServer(server, pod);
      if (port === undefined || !skippedInboundPorts(world, pod).has(port)) continue;
      const annotation = at(pod.metadata, 'annotations', SKIP_INBOUND_PORTS);
      report(
        node,
        `Port ${port} of the pods of \`${pod.name}\` is taken past the proxy, so this Server and its policies have no effect there.`,
        {
          related: annotation
            ? [{ site: { located: pod.located, node: annotation }, message: 'the ports that skip the proxy' }]
            : [],
        },
      );
    }
  },
});
