import { enrolmentOf } from '../../mesh/enrolment.ts';
import { describeLocated } from '../../model/located.ts';
import { protocolOf } from '../../model/protocols.ts';
import type { Service, ServicePort } from '../../model/workloads.ts';
import { at } from '../../yaml/access.ts';
import { workspaceCheck } from '../check.ts';

/** Services that tell the proxy of a workload two protocols for one of its ports. */
export const workloadPortProtocols = workspaceCheck({
  facts: {
    code: 'workload-port-protocols',
    severity: 'warning',
    what: 'Two Services of a workload give one of its ports different protocols.',
    why: 'The proxy of the workload handles the port in one way, so that requests through the other Service are treated wrongly.',
    todo: 'Give the port the same protocol in both Services, or use two ports.',
    source: 'istio/istio pkg/config/analysis/analyzers/deployment/services.go',
  },
  kinds: ['apps/Deployment', 'apps/StatefulSet', 'apps/DaemonSet'],
  run(located, scope) {
    const { world } = scope;
    const workload = world.workloads(located.namespace).find((each) => each.located === located);
    const name = at(located.root, 'metadata', 'name');
    if (!workload || !name) return;
    const used = world.servicesOf(workload).flatMap((service) => service.ports.map((port) => ({ service, port })));
    const enrolment = enrolmentOf(world, workload);
    if (used.length < 2 || enrolment.dataPlane === 'gateway' || (enrolment.dataPlane === 'none' && enrolment.certain))
      return;
    const clash = firstClash(used);
    if (!clash) return;
    const [a, b] = clash;
    const samePort = a.port.port === b.port.port;
    scope.report(
      name,
      `Service ${a.service.name} says ${protocolOf(a.port)} for port \`${a.port.targetPort}\` of the pods, Service ${b.service.name} says ${protocolOf(b.port)}; the proxy of the pods treats it in one way.`,
      {
        peers: samePort ? ['IST0116'] : ['IST0137'],
        related: clash.map(({ service, port }) => ({
          site: { located: service.located, node: port.node },
          message: `the port of ${describeLocated(service.located)}`,
        })),
      },
    );
  },
});

interface Used {
  readonly service: Service;
  readonly port: ServicePort;
}

function firstClash(used: readonly Used[]): [Used, Used] | undefined {
  const byTarget = new Map<string, Used>();
  for (const each of used) {
    const protocol = protocolOf(each.port);
    if (protocol === undefined || protocol === 'udp' || protocol === 'sctp') continue;
    const target = String(each.port.targetPort);
    const first = byTarget.get(target);
    if (!first) byTarget.set(target, each);
    else if (first.service !== each.service && protocolOf(first.port) !== protocol) return [first, each];
  }
  return undefined;
}
