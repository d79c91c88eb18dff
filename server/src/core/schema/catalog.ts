import { backendTlsPolicy } from './gatewayApi/BackendTLSPolicy.ts';
import { k8sGateway } from './gatewayApi/Gateway.ts';
import { gatewayClass } from './gatewayApi/GatewayClass.ts';
import { grpcRoute } from './gatewayApi/GRPCRoute.ts';
import { httpRoute } from './gatewayApi/HTTPRoute.ts';
import { listenerSet } from './gatewayApi/ListenerSet.ts';
import { referenceGrant } from './gatewayApi/ReferenceGrant.ts';
import { tcpRoute } from './gatewayApi/TCPRoute.ts';
import { tlsRoute } from './gatewayApi/TLSRoute.ts';
import { udpRoute } from './gatewayApi/UDPRoute.ts';
import { xBackend } from './gatewayApi/XBackend.ts';
import { xBackendTrafficPolicy } from './gatewayApi/XBackendTrafficPolicy.ts';
import { xMesh } from './gatewayApi/XMesh.ts';
import { authorizationPolicy } from './istio/AuthorizationPolicy.ts';
import { destinationRule } from './istio/DestinationRule.ts';
import { envoyFilter } from './istio/EnvoyFilter.ts';
import { gateway } from './istio/Gateway.ts';
import { istioOperator } from './istio/IstioOperator.ts';
import { peerAuthentication } from './istio/PeerAuthentication.ts';
import { proxyConfig } from './istio/ProxyConfig.ts';
import { requestAuthentication } from './istio/RequestAuthentication.ts';
import { reservedAnnotations } from './istio/reservedAnnotations.ts';
import { serviceEntry } from './istio/ServiceEntry.ts';
import { sidecar } from './istio/Sidecar.ts';
import { telemetry } from './istio/Telemetry.ts';
import { trafficExtension } from './istio/TrafficExtension.ts';
import { virtualService } from './istio/VirtualService.ts';
import { wasmPlugin } from './istio/WasmPlugin.ts';
import { workloadEntry } from './istio/WorkloadEntry.ts';
import { workloadGroup } from './istio/WorkloadGroup.ts';
import { apiVersionOf, type KindDefinition, splitApiVersion } from './kind.ts';
import {
  cronJob,
  daemonSet,
  deployment,
  job,
  namespace,
  networkPolicy,
  pod,
  replicaSet,
  service,
  serviceAccount,
  statefulSet,
} from './kubernetes/coreKinds.ts';
import { metadataRules } from './kubernetes/metadataRules.ts';
import { linkerdAuthorizationPolicy } from './linkerd/AuthorizationPolicy.ts';
import { egressNetwork } from './linkerd/EgressNetwork.ts';
import { externalWorkload } from './linkerd/ExternalWorkload.ts';
import { httpLocalRateLimitPolicy } from './linkerd/HTTPLocalRateLimitPolicy.ts';
import { linkerdHttpRoute } from './linkerd/HTTPRoute.ts';
import { link } from './linkerd/Link.ts';
import { meshTlsAuthentication } from './linkerd/MeshTLSAuthentication.ts';
import { networkAuthentication } from './linkerd/NetworkAuthentication.ts';
import { server } from './linkerd/Server.ts';
import { serverAuthorization } from './linkerd/ServerAuthorization.ts';
import { serviceProfile } from './linkerd/ServiceProfile.ts';
import type { Rule } from './rule.ts';
import { type Shape, shapeOf } from './shape.ts';
import { trafficSplit } from './smi/TrafficSplit.ts';

/** Every kind that Meshpath knows. Sorted by group and kind; a test keeps it so. */
export const KINDS: readonly KindDefinition[] = [
  namespace,
  pod,
  service,
  serviceAccount,
  daemonSet,
  deployment,
  replicaSet,
  statefulSet,
  cronJob,
  job,
  trafficExtension,
  wasmPlugin,
  backendTlsPolicy,
  grpcRoute,
  k8sGateway,
  gatewayClass,
  httpRoute,
  listenerSet,
  referenceGrant,
  tcpRoute,
  tlsRoute,
  udpRoute,
  xBackend,
  xBackendTrafficPolicy,
  xMesh,
  istioOperator,
  serviceProfile,
  link,
  destinationRule,
  envoyFilter,
  gateway,
  proxyConfig,
  serviceEntry,
  sidecar,
  virtualService,
  workloadEntry,
  workloadGroup,
  networkPolicy,
  linkerdAuthorizationPolicy,
  egressNetwork,
  httpLocalRateLimitPolicy,
  linkerdHttpRoute,
  meshTlsAuthentication,
  networkAuthentication,
  server,
  serverAuthorization,
  authorizationPolicy,
  peerAuthentication,
  requestAuthentication,
  trafficSplit,
  telemetry,
  externalWorkload,
];

const byGroupKind = new Map(KINDS.map((definition) => [`${definition.group}/${definition.kind}`, definition]));
/** Groups that other projects share with us (`apps`, `batch`, the core group) are not ours to judge. */
const groups = new Set(
  KINDS.filter((definition) => definition.project !== 'kubernetes').map((definition) => definition.group),
);
const specs = new Map<KindDefinition, Map<string, Shape>>();

export function kindOf(group: string, kind: string): KindDefinition | undefined {
  return byGroupKind.get(`${group}/${kind}`);
}

/** The definition for an apiVersion and kind as written, whatever the version. */
export function kindFor(apiVersion: string, kind: string): KindDefinition | undefined {
  return kindOf(splitApiVersion(apiVersion).group, kind);
}

/** True for groups whose every kind is ours, so that an unknown kind in them is a fault. */
export function isKnownGroup(group: string): boolean {
  return groups.has(group);
}

/** The version that we offer for a kind: the stored one. */
export const currentVersion = perKind((definition): string => {
  const versions = Object.entries(definition.versions);
  return (versions.find(([, facts]) => facts.storage) ?? versions[0])?.[0] ?? 'v1';
});

export function currentApiVersion(definition: KindDefinition): string {
  return apiVersionOf(definition.group, currentVersion(definition));
}

/** The shape of a kind's body in one API version; versions that we do not know are read as the current one. */
export function specShape(definition: KindDefinition, version: string): Shape {
  const known = Object.hasOwn(definition.versions, version) ? version : currentVersion(definition);
  let shapes = specs.get(definition);
  if (!shapes) {
    shapes = new Map();
    specs.set(definition, shapes);
  }
  let shape = shapes.get(known);
  if (!shape) {
    shape = shapeOf(definition.spec(known));
    shapes.set(known, shape);
  }
  return shape;
}

/** The versions of a kind that some release serves, with their facts, the offered one first. */
export function rootVersions(definition: KindDefinition): [string, KindDefinition['versions'][string]][] {
  return Object.entries(definition.versions)
    .filter(([, facts]) => facts.served)
    .sort(([, a], [, b]) => Number(b.storage === true) - Number(a.storage === true));
}

/** The rules about a resource as a whole: those of its kind, and those that hold for every kind of its project. */
export const rulesOfResource = perKind((definition): readonly Rule[] => {
  const ofProject = definition.project === 'istio' && definition.kind !== 'IstioOperator' ? reservedAnnotations : [];
  return [...(definition.rules ?? []), ...ofProject, ...metadataRules];
});

/** What is asked for every resource of a kind is made once for the kind. */
function perKind<T>(make: (definition: KindDefinition) => T): (definition: KindDefinition) => T {
  const made = new Map<KindDefinition, T>();
  return (definition) => {
    let value = made.get(definition);
    if (value === undefined) {
      value = make(definition);
      made.set(definition, value);
    }
    return value;
  };
}
