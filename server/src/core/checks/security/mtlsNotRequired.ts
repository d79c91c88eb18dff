import { tlsOf } from '../../mesh/clientTls.ts';
import { meshMtls, namespaceMtls } from '../../mesh/mutualTls.ts';
import { isAmbientOnly, reachOf } from '../../mesh/wideRules.ts';
import { workspaceCheck } from '../check.ts';

/** Clients that send mTLS to servers of which nothing requires it. */
export const mtlsNotRequired = workspaceCheck({
  facts: {
    code: 'mtls-not-required',
    severity: 'info',
    what: 'A DestinationRule turns mTLS on for a namespace or the mesh, and no PeerAuthentication requires it there.',
    why: 'Without one the servers are `PERMISSIVE`: they take plaintext from anybody beside the mTLS of these clients.',
    todo: 'Add a PeerAuthentication with `mode: STRICT`, or with `PERMISSIVE` to say that it is meant.',
    source: 'kiali/kiali business/checkers/destinationrules/*wide_mtls_checker.go',
  },
  kinds: ['networking.istio.io/DestinationRule'],
  run(located, scope) {
    const { world } = scope;
    const { enableAutoMtls, rootNamespace } = scope.meshConfig;
    const tls = enableAutoMtls ? undefined : tlsOf(located);
    const reach = tls?.mode === 'ISTIO_MUTUAL' ? reachOf(located) : undefined;
    if (!tls || !reach || reach.of === 'host') return;
    const mesh = reach.of === 'mesh';
    const asked = mesh ? meshMtls(world, rootNamespace) : namespaceMtls(world, rootNamespace, reach.namespace);
    if (asked.decidedBy || isAmbientOnly(world, mesh ? undefined : reach.namespace)) return;
    const servers = mesh ? 'in the mesh' : `in namespace \`${reach.namespace}\``;
    scope.report(tls.node, `No PeerAuthentication requires mTLS ${servers}: servers also take plaintext.`, {
      severity: scope.absence === 'silent' ? 'silent' : 'info',
      peers: [mesh ? 'KIA0205' : 'KIA0206'],
    });
  },
});
