import { selectorOf } from '../../mesh/selection.ts';
import { isWaypoint } from '../../mesh/waypoints.ts';
import { hasTargetRefs } from '../../mesh/ztunnelPolicy.ts';
import { labelsOf, matchesLabels } from '../../model/labels.ts';
import { entriesOf } from '../../yaml/access.ts';
import { workspaceCheck } from '../check.ts';
import { replaceSelector } from './attachByReference.ts';

const GATEWAY = 'gateway.networking.k8s.io/Gateway';
const NAME_LABEL = 'gateway.networking.k8s.io/gateway-name';

/** A policy that finds a Kubernetes Gateway by the labels of its pods. */
export const gatewaySelectedByLabels = workspaceCheck({
  facts: {
    code: 'gateway-selected-by-labels',
    severity: 'warning',
    what: 'A policy selects the pods of a Kubernetes Gateway by labels.',
    why: 'Waypoints never read selectors. Other Gateways do so only for compatibility, while `ENABLE_SELECTOR_BASED_K8S_GATEWAY_POLICY` is on in istiod.',
    todo: 'Name the Gateway in `targetRefs`.',
    peers: ['IST0166'],
    source: 'istio/istio@1.30.3:pilot/pkg/model/policyattachment.go',
  },
  kinds: [
    'security.istio.io/AuthorizationPolicy',
    'security.istio.io/RequestAuthentication',
    'telemetry.istio.io/Telemetry',
    'extensions.istio.io/WasmPlugin',
    'extensions.istio.io/TrafficExtension',
  ],
  run(located, scope) {
    const selector = selectorOf(located);
    const wanted = labelsOf(selector);
    if (!selector || wanted.size === 0 || wanted.size < entriesOf(selector).length || hasTargetRefs(located.root))
      return;
    const pods = scope.world
      .workloads(located.namespace)
      .filter(({ labels }) => labels.has(NAME_LABEL) && matchesLabels(wanted, labels));
    const name = wanted.get(NAME_LABEL) ?? pods[0]?.labels.get(NAME_LABEL);
    const gateway = name === undefined ? undefined : scope.world.find(GATEWAY, located.namespace, name);
    if (name === undefined || (!gateway && pods.length === 0)) return;
    const waypoint = gateway !== undefined && isWaypoint(scope.world, gateway);
    const effect = waypoint
      ? 'A waypoint does not read policies with a selector: this one is not enforced there'
      : 'Selectors work for Kubernetes Gateways only as long as istiod is told to support them';
    scope.report(
      selector,
      `This selects the pods of Gateway \`${name}\`. ${effect}; \`targetRefs\` names the Gateway itself.`,
      {
        severity: waypoint ? 'error' : 'warning',
        fixes: replaceSelector(located, 'gateway.networking.k8s.io', 'Gateway', name),
      },
    );
  },
});
