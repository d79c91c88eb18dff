import { type MeshConfig, meshConfigOf } from '../mesh/meshConfig.ts';
import { derive } from '../model/derivation.ts';
import type { Located } from '../model/located.ts';
import type { World } from '../model/world.ts';
import type { CheckFacts, Problem } from '../schema/rule.ts';
import type { CoreSettings } from '../settings.ts';
import { anchorOf } from '../yaml/access.ts';
import type { Span } from '../yaml/span.ts';
import type { YamlNode } from '../yaml/tree.ts';
import type { Absence, Scope, WorkspaceCheck, WorkspaceReportExtras } from './check.ts';
import { WORKSPACE_CHECKS } from './registry.ts';

/** Runs the checks that look beyond one resource, for one resource. */

/**
 * Whether problems must hold for the world as it is now, or may be those found before the last edit elsewhere: what a
 * keystroke waits for is the document that was edited; the others follow. `alone` leaves out what looks beyond one
 * resource: nothing is known about the others yet.
 */
export type Freshness = 'now' | 'last-known' | 'alone';

const byKind = new Map<string, WorkspaceCheck[]>();
for (const check of WORKSPACE_CHECKS) {
  for (const kind of check.kinds) byKind.set(kind, [...(byKind.get(kind) ?? []), check]);
}

/** What was found last, kept with the tree, which stays the same while the document's text does. */
interface Known {
  readonly settings: CoreSettings;
  readonly namespace: string;
  readonly name: string;
  readonly problems: readonly Problem[];
}

const known = new WeakMap<YamlNode, Known>();

/** What the workspace says about a resource. The world is made only when it is needed. */
export function workspaceProblems(
  located: Located,
  world: () => World,
  settings: CoreSettings,
  freshness: Freshness,
): readonly Problem[] {
  if (located.partial || freshness === 'alone') return NONE;
  const last = freshness === 'last-known' ? lastOf(located, settings) : undefined;
  return last?.problems ?? problemsOf(world(), located, settings);
}

const NONE: readonly Problem[] = [];

/** Made anew only when something has changed that a check has looked at. */
const problemsOf = derive((world, located: Located, settings: CoreSettings): readonly Problem[] => {
  const found = findProblems(located, world, settings);
  const last = lastOf(located, settings);
  // The same list as before where it says the same, so that whoever made something of it can keep that.
  const problems = last && areEqual(last.problems, found) ? last.problems : found;
  const { root, namespace, name } = located;
  known.set(root, { settings, namespace, name, problems });
  return problems;
});

function lastOf({ root, namespace, name }: Located, settings: CoreSettings): Known | undefined {
  const last = known.get(root);
  return last?.settings === settings && last.namespace === namespace && last.name === name ? last : undefined;
}

function areEqual(a: readonly Problem[], b: readonly Problem[]): boolean {
  return a.length === b.length && a.every((problem, index) => isEqual(problem, b[index]));
}

function isEqual(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  // Documents are compared by identity: their trees refer to themselves.
  if ('parsed' in a || 'parsed' in b) return false;
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length &&
    keys.every((key) => isEqual(a[key as keyof typeof a], b[key as keyof typeof b]))
  );
}

function findProblems(located: Located, world: World, settings: CoreSettings): readonly Problem[] {
  const scope = new RunningScope(world, settings);
  for (const check of byKind.get(located.kindKey) ?? []) {
    scope.facts = check.facts;
    check.run(located, scope);
  }
  return scope.found;
}

/**
 * One scope does for all checks of a resource, which run one after the other. A class, because V8 makes a hidden class
 * for each object that is written with getters, and keeps what they refer to, the whole world, until it clears all up.
 */
class RunningScope implements Scope {
  readonly world: World;
  readonly settings: CoreSettings;
  readonly found: Problem[] = [];
  /** Of the check that runs. */
  facts: CheckFacts | undefined;

  constructor(world: World, settings: CoreSettings) {
    this.world = world;
    this.settings = settings;
  }

  get meshConfig(): MeshConfig {
    return meshConfigOf(this.world, this.settings);
  }

  /** Asked only by a check that has found something to be missing: few results hang on what else there is. */
  get absence(): Absence {
    if (this.settings.closedWorld) return 'error';
    return this.world.hasInventory ? 'hint' : 'silent';
  }

  readonly report: Scope['report'] = (where, message, extras = {}) => {
    if (this.facts) add(this.found, this.facts, 'kind' in where ? anchorOf(where) : where, message, extras);
  };
}

function add(found: Problem[], facts: CheckFacts, span: Span, message: string, extras: WorkspaceReportExtras): void {
  const { code } = facts;
  const severity = extras.severity ?? facts.severity;
  if (severity === 'silent') return;
  if (found.some((other) => other.code === code && other.span.start === span.start && other.message === message))
    return;
  found.push({
    code,
    severity,
    message,
    span: spanOf(span),
    peers: [...(facts.peers ?? []), ...(extras.peers ?? [])],
    fixes: extras.fixes ?? [],
    related: (extras.related ?? []).map(({ site, message: text }) => ({
      span: spanOf(anchorOf(site.node)),
      message: text,
      elsewhere: { path: site.located.path, document: site.located.document },
    })),
    ...(extras.tag ? { tag: extras.tag } : {}),
  });
}

function spanOf({ start, end }: { start: number; end: number }): { start: number; end: number } {
  return { start, end };
}
