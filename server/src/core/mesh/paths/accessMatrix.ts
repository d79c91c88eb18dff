import { isWaypoint } from '../waypoints.ts';
import type { PathContext } from './context.ts';
import { nameOf } from './ends.ts';
import { hopPath } from './hopPath.ts';
import { isHttpPort } from './speech.ts';
import type { HttpRequest, Outcome } from './vocabulary.ts';

/** Who may call whom: every workload and gateway against every port of every Service, each answered as a request of its own. */
export interface AccessMatrix {
  /** `namespace/workload`, `gateway:namespace/name`, and `outside`. */
  readonly clients: readonly string[];
  readonly targets: readonly MatrixTarget[];
  /** By client, then by target. */
  readonly outcomes: readonly (readonly Outcome[])[];
}

export interface MatrixTarget {
  /** `namespace/name` of a Service. */
  readonly service: string;
  readonly port: number;
}

/** `http` is what is sent to ports that speak HTTP, or whose protocol no file says. */
export function accessMatrix(context: PathContext, http: HttpRequest): AccessMatrix {
  const { world } = context;
  const gateways = world
    .ofKind('gateway.networking.k8s.io/Gateway')
    .filter((gateway) => !isWaypoint(world, gateway))
    .map((gateway) => `gateway:${nameOf(gateway)}`);
  const clients = [...new Set([...world.workloads().map(nameOf), ...gateways]), 'outside'];
  const ports = world
    .services()
    .filter(({ externalName }) => externalName === undefined)
    .flatMap((service) => service.ports.map((port) => ({ service: nameOf(service), port })));
  const outcomes = clients.map((from) =>
    ports.map(({ service, port }) => {
      const asked = { from, to: { service, port: port.port } };
      return hopPath(context, isHttpPort(port) ? { ...asked, http } : asked).outcome;
    }),
  );
  return { clients, targets: ports.map(({ service, port }) => ({ service, port: port.port })), outcomes };
}
