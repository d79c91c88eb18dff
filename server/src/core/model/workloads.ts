import { at, entriesOf, items, num, text } from '../yaml/access.ts';
import type { YamlNode } from '../yaml/tree.ts';
import { hasHiddenLabels, type Labels, labelsOf, withLabels } from './labels.ts';
import { type Located, perResource } from './located.ts';

/** What runs: a Pod, the template that makes pods, or a machine outside Kubernetes. Policies select workloads by the labels of their pods. */
export interface Workload {
  readonly located: Located;
  readonly namespace: string;
  readonly name: string;
  readonly labels: Labels;
  readonly annotations: Labels;
  readonly serviceAccount: string;
  readonly hostNetwork: boolean;
  readonly ports: readonly WorkloadPort[];
  /** The metadata that holds the pods' labels, for edits and related places. */
  readonly metadata: YamlNode | undefined;
  /** The pod spec. */
  readonly spec: YamlNode | undefined;
}

export interface WorkloadPort {
  readonly name: string | undefined;
  readonly port: number;
  readonly protocol: string;
  readonly node: YamlNode;
}

const TEMPLATE_KINDS = new Set(['Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet', 'Job']);

/** The workload that a resource makes; undefined for resources that make none. */
export const workloadOf = perResource(readWorkload);

function readWorkload(located: Located): Workload | undefined {
  const template = podTemplateOf(located);
  if (!template) return virtualMachineOf(located);
  const metadata = at(template, 'metadata');
  const spec = at(template, 'spec');
  return {
    located,
    namespace: located.namespace,
    name: located.name,
    labels: withLabels(labelsOf(at(metadata, 'labels')), located.added.pods),
    annotations: labelsOf(at(metadata, 'annotations')),
    serviceAccount: text(spec, 'serviceAccountName') ?? text(spec, 'serviceAccount') ?? 'default',
    hostNetwork: text(spec, 'hostNetwork') === 'true',
    ports: [...items(spec, 'containers'), ...items(spec, 'initContainers').filter(runsOn)].flatMap(portsOf),
    metadata,
    spec,
  };
}

/** True when a template or an overlay says labels of the pods, one by one or all of them, so that any selector may fit. */
export function mayHaveAnyLabel({ located, metadata, spec }: Workload): boolean {
  if (!located.labelsKnown) return true;
  const [start, end] = [metadata?.start ?? 0, spec?.start ?? Number.POSITIVE_INFINITY];
  return located.document.parsed.actions.some((action) => action.start >= start && action.start < end);
}

/** Machines outside Kubernetes that a WorkloadEntry describes, or that a WorkloadGroup lets in. */
function virtualMachineOf(located: Located): Workload | undefined {
  const { group, kind, root } = located.resource;
  if (group !== 'networking.istio.io' || (kind !== 'WorkloadEntry' && kind !== 'WorkloadGroup')) return undefined;
  const spec = kind === 'WorkloadEntry' ? at(root, 'spec') : at(root, 'spec', 'template');
  const metadata = kind === 'WorkloadEntry' ? spec : at(root, 'spec', 'metadata');
  return {
    located,
    namespace: located.namespace,
    name: located.name,
    labels: new Map([...labelsOf(at(metadata, 'labels')), ...labelsOf(at(spec, 'labels'))]),
    annotations: new Map(),
    serviceAccount: text(spec, 'serviceAccount') ?? 'default',
    hostNetwork: false,
    ports: entriesOf(at(spec, 'ports')).flatMap(({ key, value }) => {
      const port = num(value);
      return port === undefined ? [] : [{ name: key.text, port, protocol: 'TCP', node: value }];
    }),
    metadata,
    spec,
  };
}

function podTemplateOf(located: Located): YamlNode | undefined {
  const { group, kind, root } = located.resource;
  if (kind === 'Pod' && group === '') return root;
  if (TEMPLATE_KINDS.has(kind) && (group === 'apps' || group === 'batch')) return at(root, 'spec', 'template');
  if (kind === 'CronJob' && group === 'batch') return at(root, 'spec', 'jobTemplate', 'spec', 'template');
  return undefined;
}

/** Init containers that are restarted run beside the others, and are reached like them. */
function runsOn(initContainer: YamlNode): boolean {
  return text(initContainer, 'restartPolicy') === 'Always';
}

function portsOf(container: YamlNode): WorkloadPort[] {
  return items(container, 'ports').flatMap((node) => {
    const port = num(node, 'containerPort');
    return port === undefined
      ? []
      : [{ name: text(node, 'name'), port, protocol: text(node, 'protocol') ?? 'TCP', node }];
  });
}

export interface Service {
  readonly located: Located;
  readonly namespace: string;
  readonly name: string;
  /** Undefined when the Service has no selector, so that its endpoints are managed by hand; or when a template says it. */
  readonly selector: Labels | undefined;
  readonly ports: readonly ServicePort[];
  readonly headless: boolean;
  readonly externalName: string | undefined;
  readonly labels: Labels;
  readonly annotations: Labels;
}

export interface ServicePort {
  readonly name: string | undefined;
  readonly port: number;
  readonly targetPort: string | number;
  /** The transport: TCP, UDP or SCTP. */
  readonly protocol: string;
  readonly appProtocol: string | undefined;
  readonly node: YamlNode;
}

/** The Service that a resource is; undefined for other kinds. */
export const serviceOf = perResource(readService);

function readService(located: Located): Service | undefined {
  const { group, kind, root } = located.resource;
  if (kind !== 'Service' || group !== '') return undefined;
  const selector = at(root, 'spec', 'selector');
  return {
    located,
    namespace: located.namespace,
    name: located.name,
    selector: entriesOf(selector).length > 0 && !hasHiddenLabels(selector) ? labelsOf(selector) : undefined,
    ports: items(root, 'spec', 'ports').flatMap(servicePortOf),
    headless: text(root, 'spec', 'clusterIP') === 'None',
    externalName:
      text(root, 'spec', 'type') === 'ExternalName' ? (text(root, 'spec', 'externalName') ?? '') : undefined,
    labels: withLabels(labelsOf(at(root, 'metadata', 'labels')), located.added.own),
    annotations: labelsOf(at(root, 'metadata', 'annotations')),
  };
}

function servicePortOf(node: YamlNode): ServicePort[] {
  const port = num(node, 'port');
  if (port === undefined) return [];
  return [
    {
      name: text(node, 'name'),
      port,
      targetPort: num(node, 'targetPort') ?? text(node, 'targetPort') ?? port,
      protocol: text(node, 'protocol') ?? 'TCP',
      appProtocol: text(node, 'appProtocol'),
      node,
    },
  ];
}
