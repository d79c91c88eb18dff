import type { YamlNode } from '../../yaml/tree.ts';
import type { CheckFacts, Rule } from '../rule.ts';
import { textsOf } from '../rules.ts';

/** Hosts of an egress listener that say the same thing twice. */

const DUPLICATE_EGRESS_HOST: CheckFacts = {
  code: 'duplicate-egress-host',
  severity: 'warning',
  what: 'A host of an egress listener that another host of the listener already covers.',
  why: 'It adds nothing; with `*/*` beside it, the Sidecar does not narrow anything down although it looks as if it did.',
  todo: 'Remove the narrower host, or the wildcard if the narrower one is meant.',
  source: 'istio/istio pkg/config/validation/validation.go, ValidateSidecar',
};

interface Entry {
  readonly namespace: string;
  readonly name: string;
}

function split(host: string, ownNamespace: string | undefined): Entry | undefined {
  const slash = host.indexOf('/');
  if (slash === -1) return undefined;
  const namespace = host.slice(0, slash);
  return { namespace: namespace === '.' ? (ownNamespace ?? '.') : namespace, name: host.slice(slash + 1) };
}

/** Exclusions (`~namespace/name`) belong beside a wildcard; they are no repetition. */
function isExclusion(entry: Entry): boolean {
  return entry.namespace.startsWith('~');
}

export const distinctEgressHosts: Rule = {
  facts: DUPLICATE_EGRESS_HOST,
  run(node, report, context) {
    const namesOf = new Map<string, Set<string>>();
    const listed: { host: string; namespace: string; where: YamlNode }[] = [];
    for (const { text: host, node: where } of textsOf(node)) {
      const entry = split(host, context.namespace);
      if (entry === undefined || isExclusion(entry)) continue;
      const names = namesOf.get(entry.namespace) ?? new Set();
      const covered = entry.name === '*' ? names.size > 0 : names.has(entry.name) || names.has('*');
      if (covered)
        report(where, `\`${host}\`: hosts of this namespace are listed already; one of the two says nothing.`);
      names.add(entry.name);
      namesOf.set(entry.namespace, names);
      listed.push({ host, namespace: entry.namespace, where });
    }
    if (!namesOf.get('*')?.has('*')) return;
    for (const { host, namespace, where } of listed) {
      if (namespace !== '*') report(where, `\`${host}\` adds nothing: \`*/*\` in the same list stands for every host.`);
    }
  },
};
