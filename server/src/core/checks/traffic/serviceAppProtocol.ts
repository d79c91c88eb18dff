import { isServedByMesh } from '../../mesh/serviceMesh.ts';
import { isSystemNamespace } from '../../mesh/systemNamespaces.ts';
import { appProtocolOf, NAMED_PROTOCOLS } from '../../model/protocols.ts';
import { at, items, text } from '../../yaml/access.ts';
import { workspaceCheck } from '../check.ts';
import { slipOf } from '../slip.ts';

/** An `appProtocol` that Istio does not know. */
export const serviceAppProtocol = workspaceCheck({
  facts: {
    code: 'service-app-protocol',
    severity: 'warning',
    what: 'A Service port has an `appProtocol` that Istio does not know.',
    why: 'Istio treats such a port as plain TCP, or guesses; HTTP routes and policies do not apply to it.',
    todo: `Write one of ${NAMED_PROTOCOLS.map((protocol) => `\`${protocol}\``).join(', ')}.`,
    peers: ['KIA0602'],
    source: 'kiali/kiali business/checkers/services/port_mapping_checker.go',
  },
  kinds: ['/Service'],
  run(located, scope) {
    const service = scope.world.service(located.namespace, located.name);
    if (
      !service ||
      isSystemNamespace(located.namespace) ||
      !(isServedByMesh(scope.world, service) ?? scope.settings.closedWorld)
    )
      return;
    for (const port of items(located.root, 'spec', 'ports')) {
      const node = at(port, 'appProtocol');
      const written = text(node);
      // A name with a domain belongs to another implementation, and is none of Istio's.
      if (!node || written === undefined || written.includes('/') || appProtocolOf(written)) continue;
      const { hint, fixes } = slipOf(node, written, NAMED_PROTOCOLS);
      scope.report(node, `Istio does not know the protocol \`${written}\` and treats the port as plain TCP.${hint}`, {
        fixes,
      });
    }
  },
});
