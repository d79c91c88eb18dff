import { tlsSettings } from '../../mesh/clientTls.ts';
import { isUnmeshed } from '../../mesh/enrolment.ts';
import { meshMtls, namespaceMtls, type ServerMtls } from '../../mesh/mutualTls.ts';
import { serviceMtls } from '../../mesh/serviceMtls.ts';
import { isAmbientOnly, type Reach, reachOf } from '../../mesh/wideRules.ts';
import { serviceOfHost } from '../../model/hosts.ts';
import { describeLocated, type Located } from '../../model/located.ts';
import type { Workload } from '../../model/workloads.ts';
import type { World } from '../../model/world.ts';
import { asScalar, at } from '../../yaml/access.ts';
import { replaceScalar } from '../../yaml/edits.ts';
import { type Scope, workspaceCheck } from '../check.ts';

/** Clients told to send plaintext to servers that take none. */
export const plaintextToStrictServer = workspaceCheck({
  facts: {
    code: 'plaintext-to-strict-server',
    severity: 'error',
    what: 'A DestinationRule switches TLS off for servers that a PeerAuthentication lets take mTLS only.',
    why: 'Every call to them is refused: the client sees a reset connection, or a 503.',
    todo: 'Write `ISTIO_MUTUAL`, or leave `tls` out. When plaintext is meant, let the PeerAuthentication be `PERMISSIVE`.',
    source: 'kiali/kiali business/checkers/destinationrules/disabled_*_mtls_checker.go',
  },
  kinds: ['networking.istio.io/DestinationRule'],
  run(located, scope) {
    const disabled = tlsSettings(located).filter(({ mode }) => mode === 'DISABLE');
    const reach = disabled.length > 0 ? reachOf(located) : undefined;
    const asked = reach && askedBy(located, reach, scope);
    if (asked?.mode !== 'STRICT' || !asked.certain || !asked.decidedBy) return;
    const policy = asked.decidedBy;
    for (const { node } of disabled) {
      const scalar = asScalar(node);
      scope.report(
        node,
        `${describeLocated(policy)} requires mTLS of every caller ${whose(asked)}. It refuses the plaintext that this asks for.`,
        {
          peers: [asked.level === 'mesh' ? 'KIA0208' : 'KIA0207'],
          fixes: scalar
            ? [{ title: 'Change to `ISTIO_MUTUAL`', safe: false, edits: [replaceScalar(scalar, 'ISTIO_MUTUAL')] }]
            : [],
          related: [
            {
              site: { located: policy, node: at(policy.root, 'spec', 'mtls', 'mode') ?? policy.root },
              message: 'requires mTLS',
            },
          ],
        },
      );
    }
  },
});

function whose({ level, decidedBy }: ServerMtls): string {
  if (level === 'mesh') return 'in the mesh';
  return level === 'namespace' ? `in namespace \`${decidedBy?.namespace}\`` : 'of these pods';
}

function askedBy(located: Located, reach: Reach, { world, meshConfig }: Scope): ServerMtls | undefined {
  const { rootNamespace } = meshConfig;
  if (reach.of === 'mesh') return isAmbientOnly(world) ? undefined : meshMtls(world, rootNamespace);
  if (reach.of === 'namespace') {
    const without = isAmbientOnly(world) || areUnmeshed(world, world.workloads(reach.namespace));
    return without ? undefined : namespaceMtls(world, rootNamespace, reach.namespace);
  }
  const named = serviceOfHost(reach.host, located.namespace);
  const service = named && world.service(named.namespace, named.name);
  // Without a selector somebody else says what the Service leads to.
  if (!service?.selector || isAmbientOnly(world) || areUnmeshed(world, world.endpointsOf(service))) return undefined;
  return serviceMtls(world, rootNamespace, service);
}

/** Servers without a proxy refuse nothing, and plaintext is all that they take. */
function areUnmeshed(world: World, servers: readonly Workload[]): boolean {
  return servers.length > 0 && servers.every((server) => isUnmeshed(world, server));
}
