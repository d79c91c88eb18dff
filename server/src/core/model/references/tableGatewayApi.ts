import { at } from '../../yaml/access.ts';
import { labelsOf } from '../labels.ts';
import { destinationHost } from './hosts.ts';
import { subjectName } from './identities.ts';
import { labelForm } from './labels.ts';
import { backendPort, parentPort } from './ports.ts';
import { beside, type NameForm, type Use } from './reference.ts';
import { nameOfKind, nameOfKinds, namespaceName, typedName } from './resources.ts';
import { type Row, row } from './row.ts';
import { parentSection, targetSection } from './sections.ts';

/** The kinds of the Gateway API. */

const GATEWAY_API = 'gateway.networking.k8s.io';
const NAMESPACE = namespaceName();
const OBJECT = typedName({ group: '', kind: 'Service' }, { noun: 'backend', namespaceKey: 'namespace' });
/** Istio also takes a host, with the kind `Hostname`. */
const formOfBackend = (use: Use) => (beside(use, 'kind') === 'Hostname' ? destinationHost : OBJECT);
const BACKEND: NameForm = {
  noun: 'backend',
  resolve: (written, use) => formOfBackend(use).resolve(written, use),
  candidates: (use) => formOfBackend(use).candidates(use),
  part: (written, declaration) => destinationHost.part?.(written, declaration) ?? { start: 0, end: written.length },
};
const PARENT = typedName({ group: GATEWAY_API, kind: 'Gateway' }, { noun: 'parent', namespaceKey: 'namespace' });
const TARGET = typedName({}, { noun: 'target' });
const CERTIFICATE = typedName({ group: '', kind: 'Secret' }, { noun: 'certificate', namespaceKey: 'namespace' });
const NAMED = typedName({}, { noun: 'resource', namespaceKey: 'namespace' });

function backend(path: string): Row[] {
  return [row(`${path}.name`, BACKEND), row(`${path}.namespace`, NAMESPACE), row(`${path}.port`, backendPort)];
}

const parents: readonly Row[] = [
  row('spec.parentRefs[].name', PARENT),
  row('spec.parentRefs[].namespace', NAMESPACE),
  row('spec.parentRefs[].sectionName', parentSection),
  row('spec.parentRefs[].port', parentPort),
];

/** The names in a route's filters, which stand on the rule and on each of its backends. */
const FILTERS = ['spec.rules[].filters[]', 'spec.rules[].backendRefs[].filters[]'];

const route: readonly Row[] = [...parents, ...backend('spec.rules[].backendRefs[]')];
const filteredRoute: readonly Row[] = [
  ...route,
  ...FILTERS.flatMap((filter) => [
    ...backend(`${filter}.requestMirror.backendRef`),
    row(`${filter}.extensionRef.name`, TARGET),
  ]),
];

/** What a listener is set up with, in Gateways and ListenerSets. */
const listeners: readonly Row[] = [
  row('spec.listeners[].tls.certificateRefs[].name', CERTIFICATE),
  row('spec.listeners[].tls.certificateRefs[].namespace', NAMESPACE),
  row('spec.listeners[].allowedRoutes.namespaces.selector.matchLabels.*', namespaceLabel()),
];

function namespaceLabel() {
  return labelForm((use) =>
    use.scope.world.ofKind('/Namespace').map((located) => {
      const node = at(located.root, 'metadata', 'labels');
      return { located, labels: labelsOf(node), node };
    }),
  );
}

const GRANTED = nameOfKinds((use) => [`${beside(use, 'group') ?? ''}/${beside(use, 'kind') ?? ''}`], {
  noun: 'resource',
});

export const GATEWAY_API_ROWS: Readonly<Record<string, readonly Row[]>> = {
  [`${GATEWAY_API}/Gateway`]: [
    row('spec.gatewayClassName', nameOfKind(`${GATEWAY_API}/GatewayClass`, { noun: 'GatewayClass' })),
    row('spec.infrastructure.parametersRef.name', TARGET),
    ...listeners,
  ],
  [`${GATEWAY_API}/GatewayClass`]: [
    row('spec.parametersRef.name', NAMED),
    row('spec.parametersRef.namespace', NAMESPACE),
  ],
  [`${GATEWAY_API}/ListenerSet`]: [
    row('spec.parentRef.name', PARENT),
    row('spec.parentRef.namespace', NAMESPACE),
    ...listeners,
  ],
  [`${GATEWAY_API}/HTTPRoute`]: filteredRoute,
  [`${GATEWAY_API}/GRPCRoute`]: filteredRoute,
  [`${GATEWAY_API}/TLSRoute`]: route,
  [`${GATEWAY_API}/TCPRoute`]: route,
  [`${GATEWAY_API}/UDPRoute`]: route,
  [`${GATEWAY_API}/ReferenceGrant`]: [row('spec.from[].namespace', NAMESPACE), row('spec.to[].name', GRANTED)],
  [`${GATEWAY_API}/BackendTLSPolicy`]: [
    row('spec.targetRefs[].name', TARGET),
    row('spec.targetRefs[].sectionName', targetSection),
    row('spec.validation.caCertificateRefs[].name', TARGET),
    row('spec.validation.subjectAltNames[].uri', subjectName),
  ],
  'gateway.networking.x-k8s.io/XBackendTrafficPolicy': [row('spec.targetRefs[].name', TARGET)],
  'policy.linkerd.io/HTTPRoute': route,
};
