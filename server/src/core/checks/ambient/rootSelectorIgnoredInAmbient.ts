import { selectionOf, selectorOf } from '../../mesh/selection.ts';
import { workspaceCheck } from '../check.ts';
import { workloadList } from './phrases.ts';

/** A PeerAuthentication of the root namespace for certain pods. */
export const rootSelectorIgnoredInAmbient = workspaceCheck({
  facts: {
    code: 'root-selector-ignored-in-ambient',
    severity: 'warning',
    what: 'A PeerAuthentication in the root namespace selects pods in ambient mode by labels.',
    why: 'In the root namespace only PeerAuthentications without a selector reach ztunnel: this one changes nothing for these pods.',
    todo: 'Create it in the namespace of the pods.',
    source: 'istio/istio@1.30.3:pilot/pkg/serviceregistry/ambient/authorization.go',
  },
  kinds: ['security.istio.io/PeerAuthentication'],
  run(located, scope) {
    const selector = selectorOf(located);
    if (!selector || located.namespace !== scope.meshConfig.rootNamespace) return;
    const { ambient } = selectionOf(scope.world, scope.meshConfig.rootNamespace, located);
    if (ambient.length === 0) return;
    scope.report(
      selector,
      `ztunnel does not read PeerAuthentications with a selector from the root namespace: nothing changes for ${workloadList(ambient, '')}.`,
    );
  },
});
