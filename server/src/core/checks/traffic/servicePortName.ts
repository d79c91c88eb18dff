import { isServedByMesh } from '../../mesh/serviceMesh.ts';
import { isSystemNamespace } from '../../mesh/systemNamespaces.ts';
import type { Located } from '../../model/located.ts';
import { NAMED_PROTOCOLS, protocolOfName } from '../../model/protocols.ts';
import type { Fix } from '../../schema/rule.ts';
import { asMap, at, items, text } from '../../yaml/access.ts';
import { addEntry, replaceScalar } from '../../yaml/edits.ts';
import type { YamlNode } from '../../yaml/tree.ts';
import { type Scope, workspaceCheck } from '../check.ts';

/** A port of a Service whose name does not say what is spoken on it. */
export const servicePortName = workspaceCheck({
  facts: {
    code: 'service-port-name',
    severity: 'info',
    what: 'The name of a Service port does not begin with a protocol, and `appProtocol` is not set.',
    why: 'Istio then looks at the first bytes of each connection: protocols in which the server speaks first are delayed, and HTTP routes and policies may not apply.',
    todo: 'Name the port `<protocol>` or `<protocol>-<suffix>`, such as `http-admin`, or set `appProtocol`.',
    source:
      'istio/istio pkg/config/analysis/analyzers/service/portname.go; kiali/kiali business/checkers/services/port_mapping_checker.go',
  },
  kinds: ['/Service'],
  run(located, scope) {
    if (
      isSystemNamespace(located.namespace) ||
      text(located.root, 'spec', 'type') === 'ExternalName' ||
      !inMesh(located, scope)
    )
      return;
    // Istio's own installation names its ports as it likes, and IST0118 leaves the whole root namespace out.
    const peers = located.namespace === scope.meshConfig.rootNamespace ? ['KIA0601'] : ['IST0118', 'KIA0601'];
    for (const port of items(located.root, 'spec', 'ports')) {
      const name = at(port, 'name');
      const written = text(name);
      const transport = text(port, 'protocol') ?? 'TCP';
      if (transport === 'UDP' || transport === 'SCTP' || at(port, 'appProtocol') || (name && written === undefined))
        continue;
      if (!name || written === undefined) {
        scope.report(port, 'This port has no name, so Istio has to guess what is spoken on it.', {
          severity: 'hint',
          peers,
          fixes: appProtocolFixes(located, port),
        });
        continue;
      }
      if (protocolOfName(written)) continue;
      scope.report(
        name,
        `The name \`${written}\` does not begin with a protocol, so Istio has to guess what is spoken on this port.`,
        { peers, fixes: fixesFor(located, port, name, written) },
      );
    }
  },
});

/** In a workspace that says nothing about the mesh, the names of ports are nobody's business. */
function inMesh(located: Located, { world, settings }: Scope): boolean {
  const service = world.service(located.namespace, located.name);
  return service !== undefined && (isServedByMesh(world, service) ?? settings.closedWorld);
}

function fixesFor(located: Located, port: YamlNode, name: YamlNode, written: string): Fix[] {
  const begun = [...NAMED_PROTOCOLS].reverse().find((protocol) => written.toLowerCase().startsWith(protocol));
  const dashed =
    begun === undefined ? undefined : `${begun}-${written.slice(begun.length).replace(/^[^a-z0-9]+/i, '')}`;
  const renamed =
    dashed !== undefined && dashed.length <= 15 && name.kind === 'scalar'
      ? [{ title: `Rename to \`${dashed}\``, safe: false, edits: [replaceScalar(name, dashed)] }]
      : [];
  return [...renamed, ...appProtocolFixes(located, port)];
}

function appProtocolFixes(located: Located, port: YamlNode): Fix[] {
  const map = asMap(port);
  return map
    ? ['http', 'tcp'].map((protocol) => ({
        title: `Set \`appProtocol: ${protocol}\``,
        safe: false,
        edits: [addEntry(located.document.text, map, 'appProtocol', protocol)],
      }))
    : [];
}
