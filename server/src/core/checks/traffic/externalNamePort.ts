import { isServedByMesh } from '../../mesh/serviceMesh.ts';
import { protocolOfName } from '../../model/protocols.ts';
import { asMap, at, items, text } from '../../yaml/access.ts';
import { addEntry, replaceScalar } from '../../yaml/edits.ts';
import { workspaceCheck } from '../check.ts';

/** A port of an ExternalName Service that takes all traffic of that port number. */
export const externalNamePort = workspaceCheck({
  facts: {
    code: 'external-name-port',
    severity: 'warning',
    what: 'A port of an ExternalName Service is TCP, or its name says no protocol.',
    why: 'The Service has no address of its own, so that sidecars listen for such a port on all addresses and send requests for other hosts there.',
    todo: 'Name the port `http` or `https` (or another protocol that names its host), or use a ServiceEntry.',
    peers: ['IST0150'],
    source: 'istio/istio pkg/config/analysis/analyzers/service/portname.go',
  },
  kinds: ['/Service'],
  run(located, scope) {
    const service = scope.world.service(located.namespace, located.name);
    if (
      !service ||
      service.externalName === undefined ||
      !(isServedByMesh(scope.world, service) ?? scope.settings.closedWorld)
    )
      return;
    for (const port of items(located.root, 'spec', 'ports')) {
      const nameNode = at(port, 'name');
      const name = text(nameNode);
      const protocol = protocolOfName(text(port, 'appProtocol') ?? name);
      const transport = text(port, 'protocol') ?? 'TCP';
      if (transport !== 'TCP' || (nameNode && name === undefined) || (protocol !== undefined && protocol !== 'tcp'))
        continue;
      const map = asMap(port);
      const titles = ['https', 'http'].map((value) => ({
        title: `Name the port \`${value}\``,
        safe: false,
        edits:
          nameNode?.kind === 'scalar'
            ? [replaceScalar(nameNode, value)]
            : map
              ? [addEntry(located.document.text, map, 'name', value)]
              : [],
      }));
      scope.report(
        nameNode ?? port,
        `For proxies this port of an ExternalName Service is plain TCP: they send all requests for its number to \`${service.externalName}\`, whatever host they are for.`,
        {
          fixes: at(port, 'appProtocol') ? [] : titles.filter(({ edits }) => edits.length > 0),
        },
      );
    }
  },
});
