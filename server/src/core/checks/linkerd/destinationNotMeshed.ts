import { enrolmentOf } from '../../mesh/enrolment.ts';
import { podsOfServer, SERVER } from '../../mesh/linkerdServers.ts';
import { at } from '../../yaml/access.ts';
import { workspaceCheck } from '../check.ts';

/** A Server for pods that have no proxy. */
export const destinationNotMeshed = workspaceCheck({
  facts: {
    code: 'destination-not-meshed',
    severity: 'warning',
    what: 'A Linkerd Server covers pods that get no proxy.',
    why: 'Policies are enforced by the proxy of the server. Without one, everybody who reaches the pods is let in, without encryption.',
    todo: 'Annotate the namespace or the pod template with `linkerd.io/inject: enabled`.',
    source: 'linkerd/linkerd2:pkg/inject/report.go; linkerd/website: features/proxy-injection',
  },
  kinds: [SERVER],
  run(server, { world, report }) {
    const where = at(server.root, 'spec', 'podSelector');
    const pod = podsOfServer(world, server).find((candidate) => {
      const { dataPlane, certain } = enrolmentOf(world, candidate);
      return dataPlane === 'none' && certain;
    });
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
  },
});
