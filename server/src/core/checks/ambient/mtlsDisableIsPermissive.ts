import { selectionOf, selectorOf } from '../../mesh/selection.ts';
import type { Fix } from '../../schema/rule.ts';
import { asScalar, at, entriesOf, text } from '../../yaml/access.ts';
import { replaceScalar } from '../../yaml/edits.ts';
import type { ScalarNode } from '../../yaml/tree.ts';
import { workspaceCheck } from '../check.ts';
import { workloadList } from './phrases.ts';

/** mTLS switched off where it cannot be. */
export const mtlsDisableIsPermissive = workspaceCheck({
  facts: {
    code: 'mtls-disable-is-permissive',
    severity: 'info',
    what: 'A PeerAuthentication sets `DISABLE` for pods in ambient mode.',
    why: 'There it means `PERMISSIVE`: ztunnel takes plaintext as well, but calls inside the mesh stay encrypted.',
    todo: 'Write `PERMISSIVE`. Pods that must not be in the mesh opt out with the label `istio.io/dataplane-mode: none`.',
    source: 'istio/istio@1.30.3:pilot/pkg/serviceregistry/ambient/authorization.go',
  },
  kinds: ['security.istio.io/PeerAuthentication'],
  run(located, scope) {
    const ports = entriesOf(at(located.root, 'spec', 'portLevelMtls')).map(({ value }) => asScalar(at(value, 'mode')));
    const modes = [asScalar(at(located.root, 'spec', 'mtls', 'mode')), ...ports].filter(
      (mode) => text(mode) === 'DISABLE',
    );
    if (modes.length === 0) return;
    const { reachesZtunnel, ambient, workloads } = selectionOf(scope.world, scope.meshConfig.rootNamespace, located);
    if (!reachesZtunnel || (located.namespace === scope.meshConfig.rootNamespace && selectorOf(located))) return;
    const alone = workloads.length === ambient.length;
    for (const mode of modes) {
      if (mode)
        scope.report(
          mode,
          `For ${workloadList(ambient, 'pods in ambient mode')} this means \`PERMISSIVE\`: mTLS inside the mesh cannot be switched off.`,
          { fixes: alone ? permissive(mode) : [] },
        );
    }
  },
});

function permissive(mode: ScalarNode): Fix[] {
  return [{ title: 'Change to `PERMISSIVE`', safe: true, edits: [replaceScalar(mode, 'PERMISSIVE')] }];
}
