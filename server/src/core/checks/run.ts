import { kindKey, type Located } from '../model/located.ts';
import type { World } from '../model/world.ts';
import type { Problem } from '../schema/rule.ts';
import type { CoreSettings } from '../settings.ts';
import { anchorOf } from '../yaml/access.ts';
import type { YamlNode } from '../yaml/tree.ts';
import type { Absence, WorkspaceCheck } from './check.ts';
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

interface Known {
  readonly world: World;
  readonly settings: CoreSettings;
  readonly namespace: string;
  readonly name: string;
  readonly problems: readonly Problem[];
}

/** Kept with the tree, which stays the same while the document's text does. */
const known = new WeakMap<YamlNode, Known>();

/** What the workspace says about a resource. The world is made only when it is needed. */
export function workspaceProblems(
  located: Located,
  world: () => World,
  settings: CoreSettings,
  freshness: Freshness,
): readonly Problem[] {
  if (located.partial || freshness === 'alone') return [];
  const { root, namespace, name } = located;
  const last = known.get(root);
  const usable = last?.settings === settings && last.namespace === namespace && last.name === name;
  if (last && usable && (freshness === 'last-known' || last.world === world())) return last.problems;
  const found: Problem[] = [];
  for (const check of byKind.get(kindKey(located)) ?? []) run(check, located, world(), settings, found);
  // The same list as before where nothing changed, so that whoever made something of it can keep that.
  const problems = last && usable && areEqual(last.problems, found) ? last.problems : found;
  known.set(root, { world: world(), settings, namespace, name, problems });
  return problems;
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

function run(check: WorkspaceCheck, located: Located, world: World, settings: CoreSettings, problems: Problem[]): void {
  const { facts } = check;
  const absence: Absence = settings.closedWorld ? 'error' : world.hasInventory ? 'hint' : 'silent';
  check.run(located, {
    world,
    settings,
    absence,
    report(where, message, extras = {}) {
      const severity = extras.severity ?? facts.severity;
      if (severity === 'silent') return;
      const { start, end } = 'kind' in where ? anchorOf(where) : where;
      if (
        problems.some(
          (problem) => problem.code === facts.code && problem.span.start === start && problem.message === message,
        )
      )
        return;
      problems.push({
        code: facts.code,
        severity,
        message,
        span: { start, end },
        peers: [...(facts.peers ?? []), ...(extras.peers ?? [])],
        fixes: extras.fixes ?? [],
        related: (extras.related ?? []).map(({ site, message: text }) => ({
          span: spanOf(anchorOf(site.node)),
          message: text,
          elsewhere: { path: site.located.path, document: site.located.document },
        })),
        ...(extras.tag ? { tag: extras.tag } : {}),
      });
    },
  });
}

function spanOf({ start, end }: { start: number; end: number }): { start: number; end: number } {
  return { start, end };
}
