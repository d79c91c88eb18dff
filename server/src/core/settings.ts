import { DEFAULT_TARGETS } from './schema/releases.ts';
import type { Severity, Targets } from './schema/rule.ts';

/** What the user can tell the core. The protocol's settings are translated into this; the core reads nothing else. */
export interface CoreSettings {
  readonly targets: Targets;
  readonly rootNamespace: string;
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
  checks: new Map(),
  closedWorld: false,
  syntaxErrors: true,
};
