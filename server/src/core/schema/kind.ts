import type { Reader, Type } from './define.ts';
import type { Rule } from './rule.ts';

export type Project = 'istio' | 'linkerd' | 'gateway-api' | 'smi' | 'kubernetes';

export interface ApiVersion {
  /** Served by the API server of a current release; false for versions that are only known, so that we can say what to use. */
  readonly served: boolean;
  /** The version that objects are stored in, and that we offer. */
  readonly storage?: true;
  /** Set when the CRD marks the version deprecated; says what to use. */
  readonly deprecated?: string;
  readonly since?: string;
  /** Served only by the experimental channel of the Gateway API. */
  readonly channel?: 'experimental';
}

export interface KindDefinition {
  readonly project: Project;
  readonly group: string;
  readonly kind: string;
  readonly plural: string;
  readonly shortNames: readonly string[];
  readonly scope: 'Namespaced' | 'Cluster';
  /** What the kind is for, in a few sentences of Markdown. */
  readonly doc: string;
  /** The official reference page. */
  readonly reference: string;
  readonly readBy: readonly Reader[];
  /** Newest first; the first is what completion inserts. */
  readonly versions: Readonly<Record<string, ApiVersion>>;
  /** Only the experimental channel of the Gateway API has the kind. */
  readonly channel?: 'experimental';
  /** First release of the project that has the kind. */
  readonly since?: string;
  /** The zod definition of `spec`. Called once for each API version, on first use. */
  readonly spec: (version: string) => Type;
  /** True when the CRD requires `spec`. */
  readonly specRequired?: boolean;
  /** False for files that are read by a tool rather than the API server, and need no name. */
  readonly metadataRequired?: false;
  /** The name of the body where it is not `spec`. */
  readonly body?: string;
  /** Rules about the resource as a whole; they get its root node. */
  readonly rules?: readonly Rule[];
}

export function kind(definition: KindDefinition): KindDefinition {
  return definition;
}

/** `group/version`, or the version alone for the core group: what `apiVersion` holds. */
export function apiVersionOf(group: string, version: string): string {
  return group === '' ? version : `${group}/${version}`;
}

export function splitApiVersion(apiVersion: string): { group: string; version: string } {
  const slash = apiVersion.indexOf('/');
  return slash === -1
    ? { group: '', version: apiVersion }
    : { group: apiVersion.slice(0, slash), version: apiVersion.slice(slash + 1) };
}
