import { at, has, items, text } from '../../yaml/access.ts';
import type { YamlNode } from '../../yaml/tree.ts';
import { list, string } from '../define.ts';
import type { CheckFacts, Rule, RuleContext } from '../rule.ts';
import { textsOf } from '../rules.ts';
import { isDnsLabel } from './hosts.ts';

/** `exportTo`: the namespaces whose proxies see a resource. Shared by VirtualService, DestinationRule and ServiceEntry. */

const EXPORT_TO: CheckFacts = {
  code: 'export-to-conflict',
  severity: 'error',
  what: '`exportTo` names a namespace twice, mixes everybody (`*`) or nobody (`~`) with others, or holds something that is no namespace.',
  why: 'The webhook of istiod refuses the resource, because it is not clear who should see it.',
  todo: 'Write `*` alone, `.` for the own namespace, or the names of namespaces, each once. `~` (nobody) is only for a ServiceEntry, and alone.',
  source: 'istio/istio pkg/config/validation/validation.go, validateExportTo',
};

const EVERYBODY = '*';
const OWN = '.';
const NOBODY = '~';

/** What an entry means, so that `.` and the name of the own namespace count as the same. */
function meaning(entry: string, context: RuleContext): string {
  return entry === OWN ? (context.namespace ?? OWN) : entry;
}

function entryProblem(entry: string, nobodyAllowed: boolean): string | undefined {
  if (entry === EVERYBODY || entry === OWN || isDnsLabel(entry)) return undefined;
  if (entry !== NOBODY) return `\`${entry}\` is not a namespace; write \`.\`, \`*\` or the name of a namespace.`;
  return nobodyAllowed
    ? undefined
    : '`~` (nobody) is only allowed in a ServiceEntry; write `.` to keep the resource in its namespace.';
}

function exportToRule(nobodyAllowed: boolean): Rule {
  return {
    facts: EXPORT_TO,
    run(node, report, context) {
      const seen = new Set<string>();
      for (const { text: entry, node: item } of textsOf(node)) {
        const problem = entryProblem(entry, nobodyAllowed);
        const key = meaning(entry, context);
        if (problem) {
          report(item, problem);
        } else if (seen.has(key)) {
          report(
            item,
            key === entry
              ? `\`${entry}\` is listed twice.`
              : `\`.\` is the own namespace, \`${key}\`, which is listed already.`,
          );
        } else if (entry === EVERYBODY && items(node).length > 1) {
          report(item, '`*` means every namespace, so it must stand alone.');
        } else if (entry === NOBODY && items(node).length > 1) {
          report(item, '`~` means nobody, so it must stand alone.');
        }
        seen.add(key);
      }
    },
  };
}

/** The list of namespaces. `~` is only for kinds that may be exported to nobody. */
export function exportTo(options: { nobodyAllowed?: boolean } = {}) {
  const nobodyAllowed = options.nobodyAllowed === true;
  const suggest = {
    [OWN]: 'The namespace of the resource alone.',
    [EVERYBODY]: 'Every namespace; stands alone in the list.',
    ...(nobodyAllowed ? { [NOBODY]: 'No namespace: the resource is kept, and no proxy sees it. Stands alone.' } : {}),
  };
  return list(string({ suggest }), { rules: [exportToRule(nobodyAllowed)] });
}

const SELECTOR_EXPORT: CheckFacts = {
  code: 'workload-selector-exported',
  severity: 'error',
  what: 'A DestinationRule with `workloadSelector` is exported beyond its own namespace.',
  why: 'The selector chooses client workloads of the own namespace, so nobody else could use the rule; the webhook of istiod refuses it.',
  todo: 'Write `exportTo: ["."]`, or remove `workloadSelector`.',
  source: 'istio/istio pkg/config/validation/validation.go, validateExportTo',
};

/** For the spec of a kind whose `workloadSelector` chooses clients. */
export const selectorStaysHome: Rule = {
  facts: SELECTOR_EXPORT,
  run(node, report, context) {
    if (!has(node, 'workloadSelector')) return;
    for (const { entry, item } of foreignEntries(node, context)) {
      report(
        item,
        `With \`workloadSelector\` the rule stays in its own namespace; \`${entry}\` goes beyond it. Write \`exportTo: ["."]\`.`,
      );
    }
  },
};

function foreignEntries(node: YamlNode, context: RuleContext): { entry: string; item: YamlNode }[] {
  return items(at(node, 'exportTo')).flatMap((item) => {
    const entry = text(item);
    if (entry === undefined || entry === OWN || entry === context.namespace) return [];
    return [{ entry, item }];
  });
}
