// What policies decide on: the attributes of a request as one proxy sees them, and the rules of AuthorizationPolicies.

/** What a proxy sees of a request. */
export interface Attributes {
  /** Without `spiffe://`; null where the connection has no identity. */
  readonly principal: string | null;
  /** The port that the proxy compares: of the Service at a waypoint, of the workload elsewhere. */
  readonly port: number;
  /** Undefined where the proxy sees no request, only a connection. */
  readonly http: HttpAttributes | undefined;
}

export interface HttpAttributes {
  readonly method: string;
  /** Without its query. */
  readonly path: string;
  /** Undefined where the question does not say. */
  readonly host: string | undefined;
  /** By lower-case name. */
  readonly headers: ReadonlyMap<string, string>;
}

/** The parts of `<trust domain>/ns/<namespace>/sa/<service account>`. */
export interface PrincipalParts {
  readonly trustDomain: string;
  readonly namespace: string;
  readonly serviceAccount: string;
}

export function partsOf(principal: string | null): PrincipalParts | undefined {
  const [, trustDomain, namespace, serviceAccount] = /^([^/]+)\/ns\/([^/]+)\/sa\/([^/]+)$/.exec(principal ?? '') ?? [];
  if (trustDomain === undefined || namespace === undefined || serviceAccount === undefined) return undefined;
  return { trustDomain, namespace, serviceAccount };
}
