import { gatewayFacts, ISTIO_GATEWAY } from '../model/gateways.ts';
import { labelsOf, matchesLabels } from '../model/labels.ts';
import type { Located } from '../model/located.ts';
import { protocolOf } from '../model/protocols.ts';
import { entryPorts } from '../model/serviceEntries.ts';
import { type Service, serviceOf, type Workload } from '../model/workloads.ts';
import type { World } from '../model/world.ts';
import { items, num, text } from '../yaml/access.ts';
import type { YamlNode } from '../yaml/tree.ts';
import { enrolmentOf } from './enrolment.ts';
import { selectionOf, selectorOf } from './selection.ts';
import { targetsOf } from './targets.ts';
import { addresseeBinding, isWaypoint, isWaypointClass } from './waypoints.ts';
import { hasTargetRefs } from './ztunnelPolicy.ts';

/** Ports on which an Envoy that enforces a policy sees bytes and no requests. */

export interface StreamPort {
  readonly located: Located;
  readonly node: YamlNode;
  readonly port: number;
  /** In upper case. */
  readonly protocol: string;
}

/** What Envoy treats as a stream of bytes; a port of which nothing is said is looked into first. */
const STREAMS = new Set(['TCP', 'TLS', 'HTTPS', 'MONGO', 'MYSQL', 'REDIS']);

/** Undefined where the workspace does not say before what the policy stands; empty where all is HTTP or ztunnel's. */
export function streamPortsOf(world: World, rootNamespace: string, policy: Located): StreamPort[] | undefined {
  return hasTargetRefs(policy.root)
    ? targetsOf(policy.root).flatMap(({ key, name }) => portsOfTarget(world, rootNamespace, policy, key, name))
    : portsOfSelected(world, rootNamespace, policy);
}

function portsOfSelected(world: World, rootNamespace: string, policy: Located): StreamPort[] | undefined {
  const { workloads, reachesZtunnel } = selectionOf(world, rootNamespace, policy);
  const gateways = gatewaysFor(world, rootNamespace, policy);
  if (workloads.length === 0 && !reachesZtunnel && gateways.length === 0) return undefined;
  const inPlane = (plane: string) => workloads.filter((pod) => enrolmentOf(world, pod).dataPlane === plane);
  const services = new Set(inPlane('sidecar').flatMap((pod) => world.servicesOf(pod)));
  return [
    ...[...services].flatMap(portsOfService),
    ...inPlane('gateway').flatMap((pod) => portsOfGatewayPod(world, pod)),
    ...gateways.flatMap(portsOfGateway),
  ];
}

/** The Gateways whose pods Istio makes with labels that the policy selects. Waypoints read no selectors. */
function gatewaysFor(world: World, rootNamespace: string, policy: Located): Located[] {
  const wanted = labelsOf(selectorOf(policy));
  const kind = 'gateway.networking.k8s.io/Gateway';
  const near = policy.namespace === rootNamespace ? world.ofKind(kind) : world.inNamespace(kind, policy.namespace);
  return near.filter(
    (gateway) =>
      text(gateway.root, 'spec', 'gatewayClassName')?.startsWith('istio') &&
      !isWaypoint(world, gateway) &&
      matchesLabels(wanted, new Map([['gateway.networking.k8s.io/gateway-name', gateway.name]])),
  );
}

function portsOfTarget(world: World, rootNamespace: string, policy: Located, key: string, name: string): StreamPort[] {
  const { namespace } = policy;
  switch (key) {
    case '/Service':
    case 'networking.istio.io/ServiceEntry': {
      const located = world.find(key, namespace, name);
      const isBound = located && addresseeBinding(world, located).state === 'bound';
      return isBound ? portsOfAddressee(located) : [];
    }
    case 'gateway.networking.k8s.io/Gateway': {
      const gateway = world.find(key, namespace, name);
      if (!gateway) return [];
      return isWaypoint(world, gateway)
        ? portsBehind(world, (waypoint) => waypoint === gateway)
        : portsOfGateway(gateway);
    }
    case 'gateway.networking.k8s.io/GatewayClass':
      return namespace === rootNamespace && isWaypointClass(world, name)
        ? portsBehind(world, (waypoint) => text(waypoint.root, 'spec', 'gatewayClassName') === name)
        : [];
    default:
      return [];
  }
}

/** What is addressed through waypoints. */
function portsBehind(world: World, isWanted: (waypoint: Located) => boolean): StreamPort[] {
  const addressees = [...world.ofKind('/Service'), ...world.ofKind('networking.istio.io/ServiceEntry')];
  return addressees.flatMap((located) => {
    const binding = addresseeBinding(world, located);
    return binding.state === 'bound' && isWanted(binding.waypoint) ? portsOfAddressee(located) : [];
  });
}

function portsOfAddressee(located: Located): StreamPort[] {
  const service = serviceOf(located);
  if (service) return portsOfService(service);
  return entryPorts(located).flatMap(({ port, protocol, node }) =>
    STREAMS.has(protocol) ? [{ located, node, port, protocol }] : [],
  );
}

function portsOfService({ located, ports }: Service): StreamPort[] {
  return ports.flatMap((port) => {
    const protocol = protocolOf(port)?.toUpperCase() ?? '';
    return STREAMS.has(protocol) ? [{ located, node: port.node, port: port.port, protocol }] : [];
  });
}

/** The listeners of a Gateway; TLS is one whether it ends there or not, and HTTPS carries requests. */
function portsOfGateway(gateway: Located): StreamPort[] {
  return items(gateway.root, 'spec', 'listeners').flatMap((node) => {
    const [port, protocol] = [num(node, 'port'), text(node, 'protocol')];
    return port !== undefined && (protocol === 'TCP' || protocol === 'TLS')
      ? [{ located: gateway, node, port, protocol }]
      : [];
  });
}

/** The servers that Istio's own Gateways open on a pod; HTTPS that is passed through is never read. */
function portsOfGatewayPod(world: World, pod: Workload): StreamPort[] {
  return world.ofKind(ISTIO_GATEWAY).flatMap((located) => {
    const { selector, selectorKnown, servers } = gatewayFacts(located);
    if (!selectorKnown || selector.size === 0 || !matchesLabels(selector, pod.labels)) return [];
    return servers.flatMap(({ node, port, protocol }) => {
      const isRead = protocol === 'HTTPS' && text(node, 'tls', 'mode') !== 'PASSTHROUGH';
      return port !== undefined && STREAMS.has(protocol) && !isRead ? [{ located, node, port, protocol }] : [];
    });
  });
}
