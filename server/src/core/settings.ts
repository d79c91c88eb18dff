import { DEFAULT_TARGETS } from './schema/releases.ts';
import type { Severity, Targets } from './schema/rule.ts';

/** What the user can tell the core. The protocol's settings are translated into this; the core reads nothing else. */
export interface CoreSettings {
  readonly targets: Targets;
  readonly rootNamespace: string;
  readonly trustDomain: string;
  /** All trust domains that are known; empty when nothing is known about others. */
  readonly trustDomains: readonly string[];
  /** Istio's MeshConfig as YAML; empty when it is not given. Read through `mesh/meshConfig.ts`. */
  readonly meshConfig: string;
  readonly istiod: { readonly enableAutoMtls: boolean };
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
  istiod: { enableAutoMtls: true },
  checks: new Map(),
  closedWorld: false,
  syntaxErrors: true,
};
