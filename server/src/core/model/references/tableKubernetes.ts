import { accountName } from './identities.ts';
import { templateLabel, workloadLabel } from './labels.ts';
import { targetPort } from './ports.ts';
import { namespaceName, waypointName } from './resources.ts';
import { type Row, row } from './row.ts';

/** Kubernetes' own kinds, as far as meshes read them, and the labels that any kind may carry. */

const TEMPLATED = ['apps/Deployment', 'apps/StatefulSet', 'apps/DaemonSet', 'apps/ReplicaSet', 'batch/Job'];

const template: readonly Row[] = [
  row('spec.selector.matchLabels.*', templateLabel),
  row('spec.template.spec.serviceAccountName', accountName),
];

export const KUBERNETES_ROWS: Readonly<Record<string, readonly Row[]>> = {
  '/Service': [row('spec.selector.*', workloadLabel), row('spec.ports[].targetPort', targetPort)],
  '/Pod': [row('spec.serviceAccountName', accountName)],
  ...Object.fromEntries(TEMPLATED.map((kind) => [kind, template])),
  'batch/CronJob': [row('spec.jobTemplate.spec.template.spec.serviceAccountName', accountName)],
  'networking.k8s.io/NetworkPolicy': [row('spec.podSelector.matchLabels.*', workloadLabel)],
};

const WAYPOINT_NAMESPACE = namespaceName();

export const ANY_KIND_ROWS: readonly Row[] = [
  row('metadata.namespace', namespaceName()),
  ...['metadata', 'spec.template.metadata'].flatMap((metadata) => [
    row(`${metadata}.labels["istio.io/use-waypoint"]`, waypointName),
    row(`${metadata}.labels["istio.io/use-waypoint-namespace"]`, WAYPOINT_NAMESPACE),
  ]),
];
