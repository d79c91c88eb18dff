import { needsL7 } from '../../mesh/l7.ts';
import { selectorOf } from '../../mesh/selection.ts';
import { addresseeBinding } from '../../mesh/waypoints.ts';
import type { Located } from '../../model/located.ts';
import { type Scope, workspaceCheck } from '../check.ts';
import { attachByReference } from './attachByReference.ts';
import { kialiCodes } from './kialiCodes.ts';
import { onlyAmbientReaders } from './onlyAmbientReaders.ts';
import { workloadList } from './phrases.ts';

/** Telemetry of requests that no proxy sees. */
export const telemetryWithoutProxy = workspaceCheck({
  facts: {
    code: 'telemetry-without-proxy',
    severity: 'warning',
    what: 'A Telemetry resource about requests, for ambient pods that are reached without a waypoint or by a selector that waypoints do not read.',
    why: 'ztunnel counts connections and bytes and cannot be configured by Telemetry. Traces, access logs and request metrics of these pods stay as they are.',
    todo: 'Attach it to the Service or the waypoint by `targetRefs`; for a whole namespace, give the namespace a waypoint.',
    source: 'istio/istio@1.30.3:pilot/pkg/model/telemetry.go',
  },
  kinds: ['telemetry.istio.io/Telemetry'],
  run(located, scope) {
    const [need] = needsL7(located);
    const selection = need && onlyAmbientReaders(scope, located);
    const selected = selectorOf(located) !== undefined;
    // A waypoint reads what is for its whole namespace, and for that of the Service.
    if (!need || !selection || (!selected && hasWaypoint(scope, located))) return;
    const pods = workloadList(selection.ambient, 'the pods of this namespace');
    const why = selected ? 'waypoints ignore selectors' : 'the namespace has no waypoint';
    scope.report(need.node, `This has no effect for ${pods}: ztunnel does not read it, and ${why}.`, {
      peers: kialiCodes(scope, located, 'KIA1117', 'KIA1112'),
      fixes: attachByReference(scope, located),
    });
  },
});

function hasWaypoint({ world }: Scope, { namespace }: Located): boolean {
  return world
    .services(namespace)
    .some((service) => ['bound', 'missing'].includes(addresseeBinding(world, service.located).state));
}
