import { at, has, items, num, text } from '../../yaml/access.ts';
import type { YamlNode } from '../../yaml/tree.ts';
import type { CheckFacts, Rule } from '../rule.ts';
import { textOr } from './defaults.ts';

/**
 * Lists of references in which one object may stand several times, as long as each reference names another part of it.
 * Both rules read references as the API server does after defaulting, and leave out those that a template computes.
 */
export interface ReferenceList {
  readonly duplicate: CheckFacts;
  readonly ambiguous: CheckFacts;
  readonly defaultGroup: string;
  readonly defaultKind: string;
  /** What the referenced object is to the route or policy, for the message. */
  readonly word: 'parent' | 'target';
  /** True when the field `port` tells references apart too. */
  readonly byPort: (channel: 'standard' | 'experimental') => boolean;
}

interface Reference {
  readonly node: YamlNode;
  readonly object: string;
  readonly name: string;
  readonly section: string;
  readonly port: number;
}

/** Those of a list of several: one alone stands for no other. */
function referencesOf(list: YamlNode, facts: ReferenceList, byPort: boolean): Reference[] {
  const all = items(list);
  if (all.length < 2) return [];
  return all.flatMap((node) => {
    const group = textOr(node, 'group', facts.defaultGroup);
    const kind = textOr(node, 'kind', facts.defaultKind);
    const name = text(node, 'name');
    const namespace = textOr(node, 'namespace', '');
    const section = textOr(node, 'sectionName', '');
    const port = byPort && at(node, 'port') ? num(node, 'port') : 0;
    if (group === undefined || kind === undefined || name === undefined || namespace === undefined) return [];
    if (section === undefined || port === undefined) return [];
    return [{ node, object: JSON.stringify([group, kind, namespace, name]), name, section, port }];
  });
}

/** Two references name the same part of the same object. */
function duplicates(facts: ReferenceList): Rule {
  return {
    facts: facts.duplicate,
    run(node, report, context) {
      const byPort = facts.byPort(context.targets.gatewayApi.channel);
      const seen = new Set<string>();
      for (const reference of referencesOf(node, facts, byPort)) {
        const identity = JSON.stringify([reference.object, reference.section, reference.port]);
        if (seen.has(identity)) {
          const tells = byPort ? '`sectionName` or `port`' : '`sectionName`';
          const hint = !byPort && has(reference.node, 'port') ? ' The standard channel does not look at `port`.' : '';
          report(
            at(reference.node, 'name') ?? reference.node,
            `\`${reference.name}\` is already a ${facts.word} of this list. To refer to several of its parts, give each reference another ${tells}.${hint}`,
          );
        }
        seen.add(identity);
      }
    },
  };
}

/** Of several references to one object, some name a part and some mean the whole. */
function ambiguous(facts: ReferenceList): Rule {
  return {
    facts: facts.ambiguous,
    run(node, report, context) {
      const byPort = facts.byPort(context.targets.gatewayApi.channel);
      const references = referencesOf(node, facts, byPort);
      for (const reference of references) {
        const others = references.filter((other) => other !== reference && other.object === reference.object);
        const lacksSection = reference.section === '' && others.some((other) => other.section !== '');
        const lacksPort = reference.port === 0 && others.some((other) => other.port !== 0);
        if (!lacksSection && !lacksPort) continue;
        const missing = lacksSection ? 'sectionName' : 'port';
        report(
          at(reference.node, 'name') ?? reference.node,
          `\`${reference.name}\` stands here several times, once with a \`${missing}\` and here without. Give every reference to it a \`${missing}\`, or none.`,
        );
      }
    },
  };
}

export function referenceRules(facts: ReferenceList): Rule[] {
  return [duplicates(facts), ambiguous(facts)];
}
