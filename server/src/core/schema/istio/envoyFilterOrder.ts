import { at, has, items, num, text } from '../../yaml/access.ts';
import type { YamlNode } from '../../yaml/tree.ts';
import type { CheckFacts, Rule } from '../rule.ts';
import { ANALYZER, isRoutes } from './envoyFilterPatch.ts';

/** Patches that relate to others need an order among EnvoyFilters; these rules get the spec. */

const RELATIVE_WITHOUT_PRIORITY: CheckFacts = {
  code: 'envoy-filter-without-priority',
  severity: 'info',
  what: 'A patch relates to something in the configuration of the proxy, and the EnvoyFilter has no priority.',
  why: 'If another EnvoyFilter adds, moves or removes what it relates to, the outcome depends on creation times.',
  todo: 'Set `priority`: negative to come before others, positive to come after them.',
  peers: ['IST0151'],
  source: ANALYZER,
};

const RELATIVE_WITH_VERSION: CheckFacts = {
  code: 'envoy-filter-version-without-priority',
  severity: 'info',
  what: 'A filter is inserted twice, one time for certain proxy versions, and the EnvoyFilter has no priority.',
  why: 'For proxies that both patches match, the order of the two is not certain.',
  todo: 'Set `priority`, or make the version conditions exclude each other.',
  peers: ['IST0155'],
  source: ANALYZER,
};

const RELATIVE = new Set(['INSERT_BEFORE', 'INSERT_AFTER', 'REMOVE']);

interface RelativePatch {
  readonly where: YamlNode;
  readonly operation: string;
  readonly repeatsVersioned: boolean;
}

/** The patches that relate to others, with whether an earlier patch inserted the same name for certain versions. */
function relativePatches(spec: YamlNode): RelativePatch[] {
  const versioned = new Set<string>();
  const found: RelativePatch[] = [];
  for (const patch of items(spec, 'configPatches')) {
    const where = at(patch, 'patch', 'operation');
    const operation = text(where);
    const name = text(patch, 'patch', 'value', 'name');
    if (where === undefined || operation === undefined || !RELATIVE.has(operation)) continue;
    if (operation === 'REMOVE' && isRoutes(text(patch, 'applyTo') ?? '')) continue;
    found.push({
      where,
      operation,
      repeatsVersioned: name !== undefined && operation !== 'REMOVE' && versioned.has(name),
    });
    if (name !== undefined && has(at(patch, 'match', 'proxy'), 'proxyVersion')) versioned.add(name);
  }
  return found;
}

function hasPriority(spec: YamlNode): boolean {
  return has(spec, 'priority') && num(spec, 'priority') !== 0;
}

export const relativeNeedsPriority: Rule = {
  facts: RELATIVE_WITHOUT_PRIORITY,
  needsWhole: true,
  run(node, report) {
    if (hasPriority(node)) return;
    for (const { where, operation, repeatsVersioned } of relativePatches(node)) {
      if (repeatsVersioned) continue;
      report(
        where,
        `\`${operation}\` depends on what other EnvoyFilters did before; without \`priority\` their order is that of creation.`,
      );
    }
  },
};

export const versionedNeedsPriority: Rule = {
  facts: RELATIVE_WITH_VERSION,
  needsWhole: true,
  run(node, report) {
    if (hasPriority(node)) return;
    for (const { where, repeatsVersioned } of relativePatches(node)) {
      if (!repeatsVersioned) continue;
      report(
        where,
        'An earlier patch inserts the same name for certain proxy versions; without `priority` the order of the two is not certain.',
      );
    }
  },
};
