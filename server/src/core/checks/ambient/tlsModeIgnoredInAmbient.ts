import { usesEnvoyClients } from '../../mesh/enrolment.ts';
import { hostTargetsOf } from '../../mesh/hostTargets.ts';
import { asScalar, at } from '../../yaml/access.ts';
import { removeEntry } from '../../yaml/edits.ts';
import { workspaceCheck } from '../check.ts';

/** mTLS by DestinationRule for pods that have it anyway. */
export const tlsModeIgnoredInAmbient = workspaceCheck({
  facts: {
    code: 'tls-mode-ignored-in-ambient',
    severity: 'info',
    what: 'A DestinationRule asks for mTLS with a Service in ambient mode (`ISTIO_MUTUAL`).',
    why: 'ztunnel encrypts without being asked, and waypoints ignore the mode. It is a usual leftover of a migration from sidecars.',
    todo: 'Remove `tls` once no client of the Service has a sidecar.',
    source: 'istio/istio@1.30.3:pilot/pkg/networking/core/cluster_waypoint.go; istio/istio.io issue 14789',
  },
  kinds: ['networking.istio.io/DestinationRule'],
  run(located, scope) {
    const tls = at(located.root, 'spec', 'trafficPolicy', 'tls');
    const mode = asScalar(at(tls, 'mode'));
    if (!tls || mode?.text !== 'ISTIO_MUTUAL') return;
    const [target] = hostTargetsOf(scope.world, located);
    if (!target?.ambient || target.addressee?.resource.kind !== 'Service') return;
    if (usesEnvoyClients(scope.world)) return;
    const edit = removeEntry(located.document.text, tls);
    scope.report(
      mode,
      `Service \`${target.addressee.name}\` is in ambient mode, where mTLS does not depend on this: the mode is ignored.`,
      {
        tag: 'unnecessary',
        fixes: edit ? [{ title: 'Remove `tls`', safe: true, edits: [edit] }] : [],
      },
    );
  },
});
