import { DEFAULT_TARGETS } from './schema/releases.ts';
import type { Severity, Targets } from './schema/rule.ts';

/** Flags of istiod, named like their environment variables, and two facts of the mesh that no file states. */
export interface IstiodFlags {
  readonly enableAutoMtls: boolean;
  /** PILOT_AUTO_ALLOW_WAYPOINT_POLICY */
  readonly autoAllowWaypointPolicy: boolean;
  /** ENABLE_LAYERED_WAYPOINT_AUTHORIZATION_POLICIES */
  readonly layeredWaypointAuthorizationPolicies: boolean;
  /** AMBIENT_ENABLE_MULTI_NETWORK */
  readonly ambientEnableMultiNetwork: boolean;
  /** PILOT_ENABLE_ALPHA_GATEWAY_API */
  readonly enableAlphaGatewayApi: boolean;
  /** PILOT_PREFER_SENDING_HBONE */
  readonly preferSendingHbone: boolean;
  /** AMBIENT_ENABLE_DRY_RUN_AUTHORIZATION_POLICY */
  readonly ambientEnableDryRunAuthorizationPolicy: boolean;
  /** Whether Gateways of waypoints have an address: without one Istio uses none. */
  readonly waypointsProgrammed: boolean;
  /** Whether every sidecar was started with ISTIO_META_ENABLE_HBONE; else only those whose pods are labeled so. */
  readonly sidecarsSpeakHbone: boolean;
}

/** Values of Linkerd's charts that change what resources mean. */
export interface LinkerdValues {
  /** `proxy.defaultInboundPolicy` */
  readonly defaultInboundPolicy: string;
  /** `proxy.opaquePorts` */
  readonly opaquePorts: string;
  readonly clusterNetworks: readonly string[];
  /** `identityTrustDomain` */
  readonly trustDomain: string;
  readonly controlPlaneNamespace: string;
}

export interface CiliumValues {
  /** `encryption.type`, or `none` */
  readonly encryption: 'none' | 'wireguard' | 'ipsec';
}

/** What the user can tell the core. The protocol's settings are translated into this; the core reads nothing else. */
export interface CoreSettings {
  readonly targets: Targets;
  readonly rootNamespace: string;
  readonly trustDomain: string;
  /** All trust domains that are known; empty when nothing is known about others. */
  readonly trustDomains: readonly string[];
  /** Istio's MeshConfig as YAML; empty when it is not given. Read through `mesh/meshConfig.ts`. */
  readonly meshConfig: string;
  readonly istiod: IstiodFlags;
  readonly linkerd: LinkerdValues;
  readonly cilium: CiliumValues;
  /** Severity by code, or `off`. */
  readonly checks: ReadonlyMap<string, Severity | 'off'>;
  /** Whether the workspace holds everything that the cluster does. */
  readonly closedWorld: boolean;
  /** False when another extension reports the syntax errors of YAML. */
  readonly syntaxErrors: boolean;
}

export const DEFAULT_SETTINGS: CoreSettings = {
  targets: DEFAULT_TARGETS,
  rootNamespace: 'istio-system',
  trustDomain: 'cluster.local',
  trustDomains: [],
  meshConfig: '',
  istiod: {
    enableAutoMtls: true,
    autoAllowWaypointPolicy: false,
    layeredWaypointAuthorizationPolicies: false,
    ambientEnableMultiNetwork: false,
    enableAlphaGatewayApi: false,
    preferSendingHbone: false,
    ambientEnableDryRunAuthorizationPolicy: false,
    waypointsProgrammed: true,
    sidecarsSpeakHbone: false,
  },
  linkerd: {
    defaultInboundPolicy: 'all-unauthenticated',
    opaquePorts: '25,587,3306,4444,5432,6379,9300,11211',
    clusterNetworks: ['10.0.0.0/8', '100.64.0.0/10', '172.16.0.0/12', '192.168.0.0/16', 'fd00::/8'],
    trustDomain: 'cluster.local',
    controlPlaneNamespace: 'linkerd',
  },
  cilium: { encryption: 'wireguard' },
  checks: new Map(),
  closedWorld: false,
  syntaxErrors: true,
};
