import { at, items, num, text } from '../../yaml/access.ts';
import type { YamlNode } from '../../yaml/tree.ts';
import { labelsOf, matchesLabels, matchesSelector } from '../labels.ts';
import { describeLocated, type Located } from '../located.ts';
import type { Workload } from '../workloads.ts';
import { ownersOf } from './hosts.ts';
import {
  beside,
  type Candidate,
  type Declaration,
  declared,
  holder,
  type NameForm,
  namespaceOf,
  type Use,
} from './reference.ts';
import { K8S_GATEWAY } from './resources.ts';

/** Ports: of Services and ServiceEntries by number, of containers by number or name. */

/** A port as it is declared: both of its scalars can be meant. */
interface Port {
  readonly located: Located;
  readonly number: YamlNode | undefined;
  readonly name: YamlNode | undefined;
}

const SERVICE = { number: 'port', name: 'name' };
const ENTRY = { number: 'number', name: 'name' };
const CONTAINER = { number: 'containerPort', name: 'name' };

function portsUnder(located: Located, ports: readonly YamlNode[], keys: { number: string; name: string }): Port[] {
  return ports.map((node) => ({ located, number: at(node, keys.number), name: at(node, keys.name) }));
}

/** The ports of the Services and ServiceEntries that a host stands for. */
function portsOfHost(use: Use, host: string | undefined): Port[] {
  if (host === undefined) return [];
  const owners = new Set(ownersOf(host, use).map(({ located }) => located));
  return [...owners].flatMap((located) =>
    portsUnder(located, items(located.root, 'spec', 'ports'), located.resource.kind === 'Service' ? SERVICE : ENTRY),
  );
}

function portForm(portsOf: (use: Use) => readonly Port[], by: 'number' | 'name' | 'either'): NameForm {
  return {
    noun: 'port',
    resolve: (written, use) =>
      portsOf(use).flatMap(({ located, number, name }): Declaration[] => {
        if (by !== 'name' && text(number) === written) return declared(located, number, 'port');
        return by !== 'number' && text(name) === written ? declared(located, name, 'port') : [];
      }),
    candidates: (use) => portsOf(use).flatMap((port) => candidatesOf(port, by)),
  };
}

function candidatesOf({ located, number, name }: Port, by: 'number' | 'name' | 'either'): Candidate[] {
  const [numberText, nameText] = [num(number), text(name)];
  const candidates: Candidate[] = [];
  if (by !== 'number' && nameText !== undefined) {
    candidates.push({ name: nameText, detail: `${numberText ?? ''} of ${describeLocated(located)}`.trim(), rank: 0 });
  }
  if (by !== 'name' && numberText !== undefined) {
    const detail = `${nameText ?? ''} of ${describeLocated(located)}`.trim();
    candidates.push({ name: String(numberText), detail, rank: 1, isNumber: true });
  }
  return candidates;
}

/** `port.number` of a destination: the host stands one level out. */
export const destinationPort = portForm((use) => portsOfHost(use, text(holder(use, 1), 'host')), 'number');

/** `port.number` of a port-level setting of a DestinationRule, whose host stands at the top. */
export const rulePort = portForm((use) => portsOfHost(use, text(use.located.root, 'spec', 'host')), 'number');

/** The ports of the resource that a reference names: of a Service, or of the listeners of a Gateway. */
function portsOfReference(use: Use, fallback: 'Service' | 'Gateway'): Port[] {
  const kind = beside(use, 'kind') ?? fallback;
  const name = beside(use, 'name');
  if (name === undefined) return [];
  if (kind === 'Hostname') return portsOfHost(use, name);
  const namespace = beside(use, 'namespace') ?? namespaceOf(use.located);
  const { world } = use.scope;
  if (kind === 'Service') {
    const services = world.findAll('/Service', namespace, name);
    return services.flatMap((located) => portsUnder(located, items(located.root, 'spec', 'ports'), SERVICE));
  }
  const gateways = kind === 'Gateway' ? world.findAll(K8S_GATEWAY, namespace, name) : [];
  return gateways.flatMap((located) => portsUnder(located, items(located.root, 'spec', 'listeners'), SERVICE));
}

/** The `port` of a backend or of a parent, in routes of the Gateway API. */
export const backendPort = portForm((use) => portsOfReference(use, 'Service'), 'number');
export const parentPort = portForm((use) => portsOfReference(use, 'Gateway'), 'number');

function containerPorts(workloads: readonly Workload[]): Port[] {
  return workloads.flatMap(({ located, spec }) =>
    items(spec, 'containers').flatMap((container) => portsUnder(located, items(container, 'ports'), CONTAINER)),
  );
}

/** `targetPort` of a Service: of the containers that it selects. */
export const targetPort = portForm((use) => {
  const selector = labelsOf(at(use.located.root, 'spec', 'selector'));
  if (selector.size === 0) return [];
  const workloads = use.scope.world.workloads(namespaceOf(use.located));
  return containerPorts(workloads.filter(({ labels }) => matchesLabels(selector, labels)));
}, 'either');

/** `port` of a Linkerd Server: of the containers that it selects. */
export const serverPort = portForm((use) => {
  const selector = at(use.located.root, 'spec', 'podSelector');
  if (!selector) return [];
  const workloads = use.scope.world.workloads(namespaceOf(use.located));
  return containerPorts(workloads.filter(({ labels }) => matchesSelector(selector, labels)));
}, 'either');
