import { authority, destinationHost, host, scopedHost } from './hosts.ts';
import { conditionPrincipal, principal, shortAccount, subjectName } from './identities.ts';
import { entryLabel, gatewayLabel, policyLabel, subsetLabel, workloadLabel } from './labels.ts';
import { destinationPort, rulePort } from './ports.ts';
import { providerName } from './providers.ts';
import { gatewayName, nameOfKind, namespaceName, typedName } from './resources.ts';
import { type Row, row } from './row.ts';
import { subsetOf } from './subsets.ts';

/** Istio's kinds, and the TrafficSplit that Linkerd read before. */

const EXPORT_TO = namespaceName({ '.': 'only the own namespace', '*': 'all namespaces' });
const NAMESPACE = namespaceName();
const SECRET = nameOfKind('/Secret', { noun: 'Secret' });
const TARGET = typedName({}, { noun: 'target', namespaceKey: 'namespace' });

/** The destinations of a route: host, subset and port. */
function destinations(...paths: readonly string[]): Row[] {
  return paths.flatMap((path) => [
    row(`${path}.host`, destinationHost),
    row(`${path}.subset`, subsetOf('host')),
    row(`${path}.port.number`, destinationPort),
  ]);
}

const virtualService: readonly Row[] = [
  row('spec.hosts[]', host),
  row('spec.gateways[]', gatewayName),
  row('spec.http[].match[].gateways[]', gatewayName),
  row('spec.tls[].match[].gateways[]', gatewayName),
  row('spec.tcp[].match[].gateways[]', gatewayName),
  row('spec.exportTo[]', EXPORT_TO),
  row('spec.http[].match[].sourceNamespace', NAMESPACE),
  row('spec.tls[].match[].sourceNamespace', NAMESPACE),
  row('spec.tcp[].match[].sourceNamespace', NAMESPACE),
  row('spec.http[].match[].sourceLabels.*', workloadLabel),
  row('spec.tls[].match[].sourceLabels.*', workloadLabel),
  row('spec.tcp[].match[].sourceLabels.*', workloadLabel),
  row(
    'spec.http[].delegate.name',
    nameOfKind('networking.istio.io/VirtualService', { noun: 'VirtualService', namespaceKey: 'namespace' }),
  ),
  row('spec.http[].delegate.namespace', NAMESPACE),
  ...destinations(
    'spec.http[].route[].destination',
    'spec.http[].mirror',
    'spec.http[].mirrors[].destination',
    'spec.tls[].route[].destination',
    'spec.tcp[].route[].destination',
  ),
];

const destinationRule: readonly Row[] = [
  row('spec.host', host),
  row('spec.exportTo[]', EXPORT_TO),
  row('spec.subsets[].labels.*', subsetLabel),
  row('spec.workloadSelector.matchLabels.*', workloadLabel),
  ...['spec.trafficPolicy', 'spec.subsets[].trafficPolicy'].flatMap((policy) => [
    row(`${policy}.portLevelSettings[].port.number`, rulePort),
    ...[`${policy}.tls`, `${policy}.portLevelSettings[].tls`].flatMap((tls) => [
      row(`${tls}.credentialName`, SECRET),
      row(`${tls}.subjectAltNames[]`, subjectName),
    ]),
  ]),
];

const AUTHZ_SOURCE = 'spec.rules[].from[].source';

const authorizationPolicy: readonly Row[] = [
  row(`${AUTHZ_SOURCE}.principals[]`, principal),
  row(`${AUTHZ_SOURCE}.notPrincipals[]`, principal),
  row(`${AUTHZ_SOURCE}.serviceAccounts[]`, shortAccount),
  row(`${AUTHZ_SOURCE}.notServiceAccounts[]`, shortAccount),
  row(`${AUTHZ_SOURCE}.namespaces[]`, NAMESPACE),
  row(`${AUTHZ_SOURCE}.notNamespaces[]`, NAMESPACE),
  row('spec.rules[].when[].values[]', conditionPrincipal),
  row('spec.rules[].when[].notValues[]', conditionPrincipal),
  row('spec.provider.name', providerName('envoyExtAuthzHttp', 'envoyExtAuthzGrpc')),
];

/** Policies that choose workloads by labels, and those that choose resources. */
const SELECTED: readonly Row[] = [row('spec.selector.matchLabels.*', policyLabel)];
const TARGETED: readonly Row[] = [row('spec.targetRef.name', TARGET), row('spec.targetRefs[].name', TARGET)];

const envoyFilter: readonly Row[] = [
  row('spec.workloadSelector.labels.*', policyLabel),
  row('spec.targetRefs[].name', TARGET),
  row('spec.configPatches[].match.cluster.service', destinationHost),
  row('spec.configPatches[].match.cluster.subset', subsetOf('service')),
  row('spec.configPatches[].match.routeConfiguration.gateway', gatewayName),
];

const telemetry: readonly Row[] = [
  ...SELECTED,
  ...TARGETED,
  row('spec.tracing[].providers[].name', providerName('zipkin', 'lightstep', 'datadog', 'skywalking', 'opentelemetry')),
  row('spec.metrics[].providers[].name', providerName('prometheus', 'stackdriver')),
  row(
    'spec.accessLogging[].providers[].name',
    providerName('envoyFileAccessLog', 'envoyHttpAls', 'envoyTcpAls', 'envoyOtelAls'),
  ),
];

const meshServices = [
  'envoyExtAuthzHttp',
  'envoyExtAuthzGrpc',
  'zipkin',
  'datadog',
  'skywalking',
  'opentelemetry',
  'envoyHttpAls',
  'envoyTcpAls',
  'envoyOtelAls',
];

export const ISTIO_ROWS: Readonly<Record<string, readonly Row[]>> = {
  'networking.istio.io/VirtualService': virtualService,
  'networking.istio.io/DestinationRule': destinationRule,
  'networking.istio.io/Gateway': [
    row('spec.selector.*', gatewayLabel),
    row('spec.servers[].tls.credentialName', SECRET),
    row('spec.servers[].tls.credentialNames[]', SECRET),
  ],
  'networking.istio.io/ServiceEntry': [
    row('spec.exportTo[]', EXPORT_TO),
    row('spec.workloadSelector.labels.*', entryLabel),
    row('spec.subjectAltNames[]', subjectName),
    row('spec.endpoints[].serviceAccount', shortAccount),
  ],
  'networking.istio.io/WorkloadEntry': [row('spec.serviceAccount', shortAccount)],
  'networking.istio.io/WorkloadGroup': [row('spec.template.serviceAccount', shortAccount)],
  'networking.istio.io/Sidecar': [
    row('spec.egress[].hosts[]', scopedHost('required')),
    row('spec.workloadSelector.labels.*', policyLabel),
    ...destinations('spec.outboundTrafficPolicy.egressProxy'),
  ],
  'networking.istio.io/EnvoyFilter': envoyFilter,
  'networking.istio.io/ProxyConfig': SELECTED,
  'security.istio.io/AuthorizationPolicy': [...SELECTED, ...TARGETED, ...authorizationPolicy],
  'security.istio.io/PeerAuthentication': SELECTED,
  'security.istio.io/RequestAuthentication': [...SELECTED, ...TARGETED],
  'telemetry.istio.io/Telemetry': telemetry,
  'extensions.istio.io/WasmPlugin': [...SELECTED, ...TARGETED, row('spec.imagePullSecret', SECRET)],
  'extensions.istio.io/TrafficExtension': [...SELECTED, row('spec.targetRefs[].name', TARGET)],
  'install.istio.io/IstioOperator': meshServices.map((kind) =>
    row(`spec.meshConfig.extensionProviders[].${kind}.service`, scopedHost('optional')),
  ),
  'split.smi-spec.io/TrafficSplit': [
    row('spec.service', authority),
    row('spec.backends[].service', nameOfKind('/Service', { noun: 'Service' })),
  ],
};
