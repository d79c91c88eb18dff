import { OPAQUE_PORTS, opaquePorts, type PortList } from '../../mesh/linkerdPorts.ts';
import type { Located } from '../../model/located.ts';
import type { Service, ServicePort, Workload } from '../../model/workloads.ts';
import type { Fix } from '../../schema/rule.ts';
import { asMap, asScalar, at } from '../../yaml/access.ts';
import { addEntry, replaceScalar } from '../../yaml/edits.ts';
import type { YamlNode } from '../../yaml/tree.ts';
import { type Scope, workspaceCheck } from '../check.ts';

/** A port that is opaque at one end only: on the Service, or on its pods. */
export const opaquePortsMismatch = workspaceCheck({
  facts: {
    code: 'opaque-ports-mismatch',
    severity: 'warning',
    what: '`config.linkerd.io/opaque-ports` names a port on a Service and not on its pods, or on the pods and not on the Service.',
    why: 'Clients go by the Service, servers by the pod. One of them then waits for a protocol that does not come (up to ten seconds for each connection), or treats as bytes what the other takes for requests.',
    todo: 'Name the port in the annotation of both: the port of the Service there, the port of the container on the pods. An annotation on the namespace covers both.',
    peers: ['LKD:opaque-ports-mismatch'],
    source: 'linkerd/linkerd2:pkg/healthcheck/healthcheck.go, misconfiguredOpaqueAnnotation',
  },
  kinds: [
    '/Service',
    '/Pod',
    'apps/Deployment',
    'apps/StatefulSet',
    'apps/DaemonSet',
    'apps/ReplicaSet',
    'batch/Job',
    'batch/CronJob',
  ],
  run(located, scope) {
    const { world } = scope;
    if (located.resource.kind === 'Service') {
      const service = world.service(located.namespace, located.name);
      if (service?.located === located && !service.headless)
        for (const pod of world.endpointsOf(service)) judge(service, pod, scope, 'service');
      return;
    }
    const pod = world.workloads(located.namespace).find((candidate) => candidate.located === located);
    if (pod) for (const service of world.servicesOf(pod)) if (!service.headless) judge(service, pod, scope, 'pod');
  },
});

function judge(service: Service, pod: Workload, scope: Scope, on: 'service' | 'pod'): void {
  const fallback = scope.settings.linkerd.opaquePorts;
  const ofService = opaquePorts(scope.world, service, fallback);
  const ofPod = opaquePorts(scope.world, pod, fallback);
  if (!ofService.written && !ofPod.written) return;
  for (const port of service.ports) {
    const target = containerPort(port, pod);
    if (target === undefined || ofService.has(port.port) === ofPod.has(target)) continue;
    if (ofPod.has(target) && on === 'service') {
      const metadata = at(service.located.root, 'metadata');
      const message = `The pods of \`${pod.name}\` take port ${target} as opaque; Service \`${service.name}\` sends to it from port ${port.port} and does not list that.`;
      reportAt(scope, { located: service.located, metadata, list: ofService, port: port.port, message });
    } else if (ofService.has(port.port) && on === 'pod') {
      const message = `Service \`${service.name}\` takes port ${port.port} as opaque; it arrives at port ${target} of these pods, which do not list it.`;
      reportAt(scope, { located: pod.located, metadata: pod.metadata, list: ofPod, port: target, message });
    }
  }
}

/** The port of the pod behind a port of the Service, where the pod declares it. */
function containerPort({ targetPort }: ServicePort, pod: Workload): number | undefined {
  return pod.ports.find(({ port, name }) =>
    typeof targetPort === 'number' ? port === targetPort : name === targetPort,
  )?.port;
}

interface Finding {
  readonly located: Located;
  readonly metadata: YamlNode | undefined;
  readonly list: PortList;
  readonly port: number;
  readonly message: string;
}

function reportAt(scope: Scope, { located, metadata, list, port, message }: Finding): void {
  const annotations = asMap(at(metadata, 'annotations'));
  const written = asScalar(at(annotations, OPAQUE_PORTS));
  const where = written ?? annotations ?? at(located.root, 'metadata', 'name');
  if (!where) return;
  const value = `${list.text},${port}`;
  const title = `Add port ${port} to \`${OPAQUE_PORTS}\``;
  const fixes: Fix[] = [];
  if (written) fixes.push({ title, safe: false, edits: [replaceScalar(written, value)] });
  else if (annotations)
    fixes.push({
      title,
      safe: false,
      edits: [addEntry(located.document.text, annotations, OPAQUE_PORTS, JSON.stringify(value))],
    });
  scope.report(where, message, { fixes });
}
