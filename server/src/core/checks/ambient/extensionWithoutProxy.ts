import { at } from '../../yaml/access.ts';
import { workspaceCheck } from '../check.ts';
import { attachByReference } from './attachByReference.ts';
import { kialiCodes } from './kialiCodes.ts';
import { onlyAmbientReaders } from './onlyAmbientReaders.ts';
import { workloadList } from './phrases.ts';

/** Extensions of Envoy for pods that have none. */
export const extensionWithoutProxy = workspaceCheck({
  facts: {
    code: 'extension-without-proxy',
    severity: 'warning',
    what: 'A WasmPlugin, TrafficExtension or EnvoyFilter for ambient pods, not attached to a waypoint.',
    why: 'Ambient pods have no Envoy of their own, and waypoints read extensions only with `targetRefs`: it changes nothing. This is a usual leftover of a migration from sidecars.',
    todo: 'Attach it to the Service or to the waypoint by `targetRefs`, or remove it.',
    source: 'istio/istio@1.30.3:pilot/pkg/model/policyattachment.go',
  },
  kinds: ['extensions.istio.io/WasmPlugin', 'extensions.istio.io/TrafficExtension', 'networking.istio.io/EnvoyFilter'],
  run(located, scope) {
    const { root, resource } = located;
    const selection = onlyAmbientReaders(scope, located);
    const node = at(root, 'spec', 'selector') ?? at(root, 'spec', 'workloadSelector') ?? at(root, 'metadata', 'name');
    if (!selection || !node) return;
    const pods = workloadList(selection.ambient, 'the pods of this namespace');
    scope.report(
      node,
      `This ${resource.kind} is loaded nowhere: ${pods} in ambient mode ${selection.ambient.length === 1 ? 'has' : 'have'} no Envoy, and waypoints read only those with \`targetRefs\`.`,
      {
        peers: resource.kind === 'WasmPlugin' ? kialiCodes(scope, located, 'KIA1116', 'KIA1111') : [],
        fixes: attachByReference(scope, located),
      },
    );
  },
});
