import type { MeshConfig } from '../mesh/meshConfig.ts';
import type { KindKey, Located, Site } from '../model/located.ts';
import type { World } from '../model/world.ts';
import type { CheckFacts, Fix, Severity } from '../schema/rule.ts';
import type { CoreSettings } from '../settings.ts';
import type { Span } from '../yaml/span.ts';
import type { YamlNode } from '../yaml/tree.ts';

/** A check that looks beyond one resource. One file each; registry.ts lists them. */
export interface WorkspaceCheck {
  readonly facts: CheckFacts;
  /** The kinds that it reports on. It may read any kind. */
  readonly kinds: readonly KindKey[];
  readonly run: (located: Located, scope: Scope) => void;
}

export type Absence = Severity | 'silent';

/** What a check may ask. Everything it says is about the resource that it runs on. */
export interface Scope {
  readonly world: World;
  readonly settings: CoreSettings;
  /** What the mesh itself is set to, from the workspace or from the settings. */
  readonly meshConfig: MeshConfig;
  /**
   * How bad it is when something is not found: an error when the workspace is the whole cluster; else a hint, because
   * what is missing here may exist there; and nothing at all when the workspace holds only policies and routes, so that
   * it says nothing about what exists.
   */
  readonly absence: Absence;
  /** Reports at a node of the resource (its key or scalar) or at a span of its document. */
  readonly report: (where: YamlNode | Span, message: string, extras?: WorkspaceReportExtras) => void;
}

export interface WorkspaceReportExtras {
  readonly severity?: Absence;
  readonly fixes?: readonly Fix[];
  readonly related?: readonly { readonly site: Site; readonly message: string }[];
  /** Peers' codes that hold for this case only, beside those of the facts. */
  readonly peers?: readonly string[];
  readonly tag?: 'deprecated' | 'unnecessary';
}

export function workspaceCheck(check: WorkspaceCheck): WorkspaceCheck {
  return check;
}
