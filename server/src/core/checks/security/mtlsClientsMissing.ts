import { tlsOf } from '../../mesh/clientTls.ts';
import { hasSelector, modeOf } from '../../mesh/mutualTls.ts';
import { isAmbientOnly, meshRules, namespaceRules } from '../../mesh/wideRules.ts';
import { at } from '../../yaml/access.ts';
import { workspaceCheck } from '../check.ts';

/** mTLS required where nothing makes clients send it. */
export const mtlsClientsMissing = workspaceCheck({
  facts: {
    code: 'mtls-clients-missing',
    severity: 'error',
    what: 'A PeerAuthentication requires mTLS, automatic mTLS is switched off, and no DestinationRule makes clients send it.',
    why: 'With `enableAutoMtls: false` clients send plaintext unless told otherwise, and these servers refuse it.',
    todo: 'Add a DestinationRule with `tls.mode: ISTIO_MUTUAL` for `*.local` or `*.<namespace>.svc.cluster.local`, or switch automatic mTLS on.',
    source: 'kiali/kiali business/checkers/peerauthentications/*_mtls_checker.go',
  },
  kinds: ['security.istio.io/PeerAuthentication'],
  run(located, scope) {
    const config = scope.meshConfig;
    const mode = at(located.root, 'spec', 'mtls', 'mode');
    if (!mode || config.enableAutoMtls || modeOf(located) !== 'STRICT' || hasSelector(located)) return;
    const mesh = located.namespace === config.rootNamespace;
    if (isAmbientOnly(scope.world, mesh ? undefined : located.namespace)) return;
    const rules = [...(mesh ? [] : namespaceRules(scope.world, located.namespace)), ...meshRules(scope.world)];
    if (rules.some((rule) => tlsOf(rule)?.mode === 'ISTIO_MUTUAL')) return;
    const where = mesh ? 'the mesh' : `namespace \`${located.namespace}\``;
    scope.report(
      mode,
      `Automatic mTLS is off, and no DestinationRule for ${where} sets \`ISTIO_MUTUAL\`: clients send plaintext, which is refused.`,
      { severity: scope.absence, peers: [mesh ? 'KIA0401' : 'KIA0501'] },
    );
  },
});
