// The hop path of a request: its legs, what each proxy on it sees, which policies decide where, and the outcome. Every
// data plane has a file of its own here; `hopPath.ts` is the entry.

import type { Located, Site } from '../../model/located.ts';

/** A request that is asked about. `from` is `namespace/workload`, `gateway:namespace/name`, `outside` or `kubelet`. */
export interface PathRequest {
  readonly from: string;
  readonly to: RequestTarget;
  /** Absent for plain TCP. */
  readonly http?: HttpRequest | undefined;
}

/**
 * What the client addresses. The addressing decides: in ambient mode a request to the address of a Service goes through
 * other hops than one to the address of a pod behind it.
 */
export type RequestTarget =
  /** `endpoint` is the workload (`namespace/name`) that is taken of those behind the Service. */
  | { readonly service: string; readonly port: number; readonly endpoint?: string | undefined }
  | { readonly pod: string; readonly port: number }
  | { readonly host: string; readonly port: number };

export interface HttpRequest {
  readonly method: string;
  readonly path: string;
  /** The Host or `:authority`; by default the name of the addressed Service or host. */
  readonly host?: string | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

export type NodeKind =
  | 'app'
  | 'ztunnel'
  | 'sidecar'
  | 'waypoint'
  | 'gateway'
  | 'gateway-eastwest'
  | 'linkerd-outbound'
  | 'linkerd-inbound'
  | 'linkerd-mc-gateway'
  | 'cilium-ebpf'
  | 'cilium-envoy'
  | 'external';

/** `app:shop/web`, `zt:`, `sc:`, `wp:`, `gw:`, `ew:`, `lo:`, `li:`, `mc:`, `ce:node-a`, `cn:node-b`, `ext:example.com`. */
export type NodeId = string;

export interface PathNode {
  readonly id: NodeId;
  readonly kind: NodeKind;
  /** What puts the node on the path: labels, the Gateway, the resource that it stands for. */
  readonly because: readonly Site[];
}

export type LegKind =
  | 'capture'
  | 'deliver'
  | 'hbone'
  | 'hbone-double'
  | 'istio-mtls'
  | 'linkerd-mtls'
  | 'plaintext'
  | 'tls-originate'
  | 'tls-passthrough'
  | 'node-redirect';

export type Certainty = 'certain' | 'assumed' | 'unknown';

export interface Leg {
  /** From 1 on. A leg starts where the one before it ends. */
  readonly seq: number;
  readonly from: NodeId;
  readonly to: NodeId;
  readonly kind: LegKind;
  /** The port of the packets on this leg: 15008 for HBONE, 4143 for Linkerd's mTLS, else the port of the workload. */
  readonly port: number;
  readonly scope: 'pod-local' | 'node-local' | 'network';
  readonly encrypted: boolean;
  readonly mutualAuth: boolean;
  /** What `to` authenticates: `spiffe://…` in Istio, `dns:…` in Linkerd, null without mutual TLS. */
  readonly peerIdentitySeen: string | null;
  readonly underlay?: 'wireguard' | 'ipsec' | 'unknown';
  readonly appTls?: 'yes' | 'no' | 'unknown';
  readonly certainty: Certainty;
  /** Why the leg is as it is, in one sentence for people. */
  readonly why: string;
  readonly because: readonly Site[];
}

/** A proxy on the path that can decide about the request, and what it sees of it. */
export interface EnforcementPoint {
  readonly node: NodeId;
  readonly layer: 'L4' | 'L7';
  readonly sees: {
    /** As in the leg that reaches it. */
    readonly identity: string | null;
    readonly port: number;
    readonly portMeaning: 'service' | 'workload';
    readonly srcIp: 'client' | 'previous-hop';
  };
}

export type Verdict =
  /** Evaluated on this path, as written. */
  | 'enforced'
  /** Evaluated with another meaning: see the effect. */
  | 'degraded'
  /** Delivered to the proxy, but can never match. */
  | 'no-effect'
  /** Attaches to nothing that exists. */
  | 'not-attached'
  /** The proxy that would apply it never reads this kind, action or reference. */
  | 'ignored'
  /** Attached to a proxy that is not on this path. */
  | 'bypassed'
  /** Another resource takes precedence. */
  | 'shadowed'
  | 'not-applicable'
  | 'unknown';

export type Effect = 'as-written' | 'broader' | 'narrower' | 'fail-open' | 'fail-closed' | 'none';

export interface PolicyVerdict {
  /** `Kind/namespace/name`. */
  readonly ref: string;
  readonly verdict: Verdict;
  /** Where it is evaluated; for `bypassed`, where it would be. */
  readonly at: NodeId | null;
  readonly effect: Effect;
  /** Why, in one sentence for people; null where there is nothing to add. */
  readonly reason: string | null;
  readonly policy: Located;
  /** The parts that decided: the selector, the rule, the reference. */
  readonly because: readonly Site[];
}

export interface Outcome {
  readonly result: 'allow' | 'deny' | 'unknown';
  /** Where a refused request ends. */
  readonly at?: NodeId;
  /** What refuses it: a policy as `Kind/namespace/name`, or a rule such as `no-ALLOW-matched` or `no-route`. */
  readonly by?: string;
  /** What the client notices: `HTTP 403`, `connection reset`, `timeout`. */
  readonly signal?: string;
}

/** A proxy's choice among backends, for the parts of a path that a route decides. */
export interface RouteDecision {
  /** The proxy that routes. */
  readonly node: NodeId;
  /** The route, at the rule that won; undefined where routes exist and none matches. */
  readonly site: Site | undefined;
  /** `Kind/namespace/name` of the route. */
  readonly ref: string;
  /** Index of the rule, from 0 on. */
  readonly rule: number | undefined;
  readonly destinations: readonly RouteDestination[];
  /** Hosts that get a copy, of which nothing is waited for. */
  readonly mirrors?: readonly string[];
}

export interface RouteDestination {
  readonly host: string;
  readonly subset: string | null;
  readonly port: number | null;
  /** As written, or 1 for a single destination without a weight. */
  readonly weight: number;
  /** True for the destination that the path follows. */
  readonly taken: boolean;
}

export interface HopPath {
  readonly request: PathRequest;
  readonly nodes: readonly PathNode[];
  readonly legs: readonly Leg[];
  readonly points: readonly EnforcementPoint[];
  readonly policies: readonly PolicyVerdict[];
  readonly routes: readonly RouteDecision[];
  readonly outcome: Outcome;
  /** What the answer rests on that files do not say, in sentences for people that name the setting which answers it. */
  readonly assume: readonly string[];
  readonly note?: string;
}
