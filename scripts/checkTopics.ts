import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';

/** What checks are about, for whoever looks for one: by the folders in which they are declared. */
export interface CheckTopic {
  readonly title: string;
  readonly intro: string;
  /** Below `server/src/core`. */
  readonly folders: readonly string[];
}

const CORE = join(import.meta.dirname, '../server/src/core');

export const CHECK_TOPICS: readonly CheckTopic[] = [
  {
    title: 'Text and structure',
    intro: 'YAML that means something else than it seems to, fields and values that Kubernetes refuses or drops.',
    folders: ['checks', 'schema'],
  },
  {
    title: 'Labels and annotations',
    intro: 'What the meshes read on Namespaces, Services and workloads.',
    folders: ['schema/kubernetes'],
  },
  {
    title: 'Traffic in Istio',
    intro: 'Hosts, subsets, ports, gateways and routes that do not fit together across files.',
    folders: ['checks/traffic'],
  },
  {
    title: 'Security in Istio',
    intro:
      'mTLS seen from both ends, identities that nobody has, policies that select nothing or contradict each other.',
    folders: ['checks/security'],
  },
  {
    title: 'Ambient mode',
    intro: 'What ztunnel and waypoints make of resources, and what gets past a waypoint.',
    folders: ['checks/ambient'],
  },
  {
    title: 'Telemetry',
    intro: 'Telemetry that reports to nobody or says the same twice.',
    folders: ['checks/telemetry'],
  },
  {
    title: 'Resources of Istio',
    intro: 'What is wrong in one resource by itself: much of it istiod refuses at admission, the rest it ignores.',
    folders: ['schema/istio'],
  },
  {
    title: 'Gateway API',
    intro: 'Routes, Gateways, listeners, grants and policies, each by itself and together.',
    folders: ['schema/gatewayApi', 'checks/gatewayApi'],
  },
  {
    title: 'Linkerd',
    intro: 'Servers, authorizations, routes and profiles, each by itself and together.',
    folders: ['schema/linkerd', 'schema/smi', 'checks/linkerd'],
  },
  {
    title: 'Cilium',
    intro: 'What Cilium refuses in its policies, and what they mean beside a mesh.',
    folders: ['checks/cilium'],
  },
];

/** The topic of each code. */
export function topicsOfChecks(): Map<string, CheckTopic> {
  const topics = new Map<string, CheckTopic>();
  for (const path of readdirSync(CORE, { recursive: true, encoding: 'utf8' })) {
    if (!path.endsWith('.ts')) continue;
    const folder = dirname(path).split(sep).join('/');
    const topic = CHECK_TOPICS.find(({ folders }) => folders.includes(folder));
    if (!topic) continue;
    for (const [, code = ''] of readFileSync(join(CORE, path), 'utf8').matchAll(/\bcode: '([a-z0-9-]+)'/g))
      topics.set(code, topic);
  }
  return topics;
}
