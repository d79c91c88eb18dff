// Which requests pass a resource, and what that says about it: what clients address so that a request comes by, who
// sends it, and where a policy is enforced on such requests. What becomes of each is asked of the paths.

import { gatewayFacts, gatewayWorkloads, ISTIO_GATEWAY } from '../../model/gateways.ts';
import { ownersOfHost, serviceOfHost } from '../../model/hosts.ts';
import type { Located } from '../../model/located.ts';
import { GATEWAY_API, isRoute, ROUTE_KINDS, routeFacts } from '../../model/routes.ts';
import { entryPorts } from '../../model/serviceEntries.ts';
import { destinationRuleFacts, gatewayName, virtualServiceFacts } from '../../model/traffic.ts';
import { serviceOf, type Workload, workloadOf } from '../../model/workloads.ts';
import type { World } from '../../model/world.ts';
import { items, text } from '../../yaml/access.ts';
import { isGatewayPod } from '../enrolment.ts';
import { NETWORK_POLICY, selectsPod } from '../networkPolicies.ts';
import type { PathContext } from '../paths/context.ts';
import { selectedBy } from '../paths/selecting.ts';
import { selectorOf } from '../selection.ts';
import { targetsOf } from '../targets.ts';
import { addresseeBinding, isWaypoint, workloadBinding } from '../waypoints.ts';
import { type Addressed, ofWorkload } from './addresses.ts';
import { LINKERD_READERS, ofServerParents, type Reader } from './linkerdAddressed.ts';

/** What clients address when their requests are to pass a resource, the most telling first. Found as it is asked for. */
export function* addressedBy(context: PathContext, located: Located): Generator<Addressed> {
  const { world } = context;
  const service = serviceOf(located);
  const workload = workloadOf(located);
  const read = READERS[located.kindKey];
  if (service) yield { service };
  else if (workload) {
    yield ofWorkload(world, workload);
    // Who serves nobody calls others.
    yield* ofNamespace(world, workload.namespace);
  } else if (read) yield* read(world, located);
  else if (isRoute(located)) yield* ofRoute(world, located);
  else if (isPolicy(located)) yield* ofPolicy(context, located);
}

const READERS: Readonly<Record<string, Reader>> = {
  'networking.istio.io/VirtualService': ofVirtualService,
  'networking.istio.io/DestinationRule': ofDestinationRule,
  'networking.istio.io/ServiceEntry': (_, entry) => ofServiceEntry(entry),
  'networking.istio.io/Sidecar': ofSidecar,
  [ISTIO_GATEWAY]: ofIstioGateway,
  [`${GATEWAY_API}/Gateway`]: ofGateway,
  'linkerd.io/ServiceProfile': (world, { name, namespace }) => ofHost(world, name, namespace),
  '/Namespace': (world, { name }) => ofNamespace(world, name),
  [NETWORK_POLICY]: ofNetworkPolicy,
  ...LINKERD_READERS,
};

function isPolicy(located: Located): boolean {
  return located.kindKey.startsWith('security.istio.io/') || selectorOf(located) !== undefined;
}

function* ofPolicy(context: PathContext, policy: Located): Generator<Addressed> {
  const { world } = context;
  for (const target of targetsOf(policy.root)) {
    const { key, name, kind } = target;
    const service = key === '/Service' ? world.service(policy.namespace, name) : undefined;
    const entry = key === 'networking.istio.io/ServiceEntry' ? world.find(key, policy.namespace, name) : undefined;
    const gateway = key === `${GATEWAY_API}/Gateway` ? world.find(key, policy.namespace, name) : undefined;
    if (service) yield { service };
    else if (entry) yield* ofServiceEntry(entry);
    else if (gateway) yield* ofGateway(world, gateway);
    else if (kind === 'GatewayClass')
      for (const candidate of world.ofKind(`${GATEWAY_API}/Gateway`))
        if (text(candidate.root, 'spec', 'gatewayClassName') === name) yield* ofGateway(world, candidate);
  }
  if (targetsOf(policy.root).length > 0) return;
  for (const workload of selectedBy(context, policy)) {
    if (isGatewayPod(workload)) yield* ofGatewayPod(world, workload);
    else yield ofWorkload(world, workload);
  }
}

/** What a gateway by injection lets in. */
function* ofGatewayPod(world: World, workload: Workload): Generator<Addressed> {
  for (const gateway of world.ofKind(ISTIO_GATEWAY))
    if (gatewayWorkloads(world, gatewayFacts(gateway)).includes(workload)) yield* ofIstioGateway(world, gateway);
}

/** The mesh's own parents first, then where the rules lead to. */
function* ofRoute(world: World, route: Located): Generator<Addressed> {
  const { parents, backends } = routeFacts(route);
  for (const { key, namespace, name } of [...parents, ...backends]) {
    const service = key === '/Service' ? world.service(namespace, name) : undefined;
    const entry = key === 'networking.istio.io/ServiceEntry' ? world.find(key, namespace, name) : undefined;
    if (service) yield { service };
    else if (entry) yield* ofServiceEntry(entry);
  }
  yield* ofServerParents(world, route);
}

function* ofNetworkPolicy(world: World, policy: Located): Generator<Addressed> {
  for (const workload of world.workloads(policy.namespace))
    if (selectsPod(policy, workload)) yield ofWorkload(world, workload);
}

function* ofDestinationRule(world: World, rule: Located): Generator<Addressed> {
  const { host } = destinationRuleFacts(rule);
  if (host !== undefined) yield* ofHost(world, host, rule.namespace);
}

function* ofVirtualService(world: World, located: Located): Generator<Addressed> {
  const { hosts, destinations } = virtualServiceFacts(located);
  for (const { written } of hosts) yield* ofHost(world, written, located.namespace);
  for (const { host } of destinations) yield* ofHost(world, host, located.namespace);
}

function* ofHost(world: World, host: string, namespace: string): Generator<Addressed> {
  for (const { located } of ownersOfHost(world, host, namespace)) {
    const service = serviceOf(located);
    if (service) yield { service };
    else yield* ofServiceEntry(located);
  }
}

/** A wildcard stands for hosts of which the workspace knows none. */
function* ofServiceEntry(entry: Located): Generator<Addressed> {
  for (const { host, port } of entryPorts(entry)) if (!host.includes('*')) yield { host, port };
}

/** What the Sidecar lets its workloads reach. */
function* ofSidecar(world: World, sidecar: Located): Generator<Addressed> {
  const hosts = items(sidecar.root, 'spec', 'egress').flatMap((egress) => items(egress, 'hosts'));
  for (const node of hosts) {
    const [place = '', host = ''] = (text(node) ?? '').split('/');
    const namespace = place === '.' ? sidecar.namespace : place;
    const named = host.includes('*') ? undefined : serviceOfHost(host, namespace);
    if (named) yield* ofHost(world, host, namespace);
    else yield* ofNamespace(world, namespace === '*' ? undefined : namespace);
  }
}

/** What comes in through a gateway; through a waypoint, what is bound to it. */
function* ofGateway(world: World, gateway: Located): Generator<Addressed> {
  if (isWaypoint(world, gateway)) {
    yield* ofWaypoint(world, gateway);
    return;
  }
  for (const route of ROUTE_KINDS.flatMap((kind) => world.ofKind(kind))) {
    const attached = routeFacts(route).parents.some(
      ({ key, namespace, name }) =>
        key === `${GATEWAY_API}/Gateway` && namespace === gateway.namespace && name === gateway.name,
    );
    if (attached) yield* ofRoute(world, route);
  }
}

function* ofWaypoint(world: World, waypoint: Located): Generator<Addressed> {
  for (const service of world.services()) {
    const binding = addresseeBinding(world, service.located);
    if (binding.state === 'bound' && binding.waypoint === waypoint && !service.headless) yield { service };
  }
  for (const entry of world.ofKind('networking.istio.io/ServiceEntry')) {
    const binding = addresseeBinding(world, entry);
    if (binding.state === 'bound' && binding.waypoint === waypoint) yield* ofServiceEntry(entry);
  }
  for (const workload of world.workloads()) {
    const binding = workloadBinding(world, workload);
    if (binding.state === 'bound' && binding.waypoint === waypoint) yield { workload };
  }
}

function* ofIstioGateway(world: World, located: Located): Generator<Addressed> {
  const { namespace, name } = gatewayFacts(located).located;
  for (const service of world.ofKind('networking.istio.io/VirtualService')) {
    const bound = virtualServiceFacts(service).gateways.some((gateway) => {
      const named = gatewayName(gateway.name, service.namespace);
      return named.namespace === namespace && named.gateway === name;
    });
    if (bound) yield* ofVirtualService(world, service);
  }
}

/** Services that something is behind come first. */
function* ofNamespace(world: World, namespace: string | undefined): Generator<Addressed> {
  const services = world.services(namespace).filter(({ ports }) => ports.length > 0);
  for (const service of services) if (world.endpointsOf(service).length > 0) yield { service };
  for (const service of services) if (world.endpointsOf(service).length === 0) yield { service };
}
