import { isSystemNamespace } from '../../mesh/systemNamespaces.ts';
import { describeLocated, type Located } from '../../model/located.ts';
import type { Workload } from '../../model/workloads.ts';
import { isPortName } from '../../schema/formats.ts';
import { at } from '../../yaml/access.ts';
import { workspaceCheck } from '../check.ts';

/** A port of a Service that no container of its pods lists. */
export const targetPortNotExposed = workspaceCheck({
  facts: {
    code: 'target-port-not-exposed',
    severity: 'warning',
    what: 'No container of the pods of a Service lists the port that the Service sends to.',
    why: 'A `targetPort` by name that no container has gives no endpoint at all; one by number is likely a slip, and nothing answers there.',
    todo: 'Write the `containerPort` or its name as `targetPort`, or list the port in the container.',
    peers: ['KIA0701'],
    source: 'kiali/kiali business/checkers/services/port_mapping_checker.go',
  },
  kinds: ['/Service'],
  run(located, scope) {
    const service = scope.world.service(located.namespace, located.name);
    if (
      !service ||
      service.headless ||
      isSystemNamespace(located.namespace) ||
      located.namespace === scope.meshConfig.rootNamespace
    )
      return;
    // Containers need not list their ports. Where one lists some, the list is meant to be whole.
    const workloads = scope.world
      .endpointsOf(service)
      .filter((workload) => !isMachine(workload.located) && workload.ports.length > 0);
    if (workloads.length === 0) return;
    for (const port of service.ports) {
      const { targetPort } = port;
      // What cannot be a name at all is another fault.
      if (typeof targetPort === 'string' && !isPortName(targetPort)) continue;
      if (workloads.some((workload) => exposes(workload, targetPort))) continue;
      const known = [
        ...new Set(
          workloads.flatMap((workload) =>
            workload.ports.map((each) =>
              each.name === undefined ? `\`${each.port}\`` : `\`${each.port}\` (${each.name})`,
            ),
          ),
        ),
      ];
      scope.report(
        at(port.node, 'targetPort') ?? at(port.node, 'port') ?? port.node,
        `No container behind this Service has the port \`${targetPort}\`; there ${known.length === 1 ? 'is' : 'are'} ${known.join(', ')}.`,
        {
          related: workloads.slice(0, 3).map((workload) => ({
            site: { located: workload.located, node: workload.ports[0]?.node ?? workload.located.root },
            message: `the ports of ${describeLocated(workload.located)}`,
          })),
        },
      );
    }
  },
});

function isMachine(located: Located): boolean {
  return located.resource.group === 'networking.istio.io';
}

function exposes(workload: Workload, target: string | number): boolean {
  return workload.ports.some(({ name, port }) => port === target || name === target);
}
