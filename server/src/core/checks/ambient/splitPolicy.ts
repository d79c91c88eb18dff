import { addresseeBinding, waypointServiceAccount } from '../../mesh/waypoints.ts';
import { principalOf } from '../../mesh/ztunnelCallers.ts';
import { ztunnelRules } from '../../mesh/ztunnelPolicy.ts';
import type { Located } from '../../model/located.ts';
import type { Fix } from '../../schema/rule.ts';
import { at, entriesOf, text } from '../../yaml/access.ts';
import { columnOf, newlineOf, scalarText } from '../../yaml/edits.ts';
import type { YamlNode } from '../../yaml/tree.ts';
import type { Scope } from '../check.ts';
import { replaceSelector, serviceBehindWaypoint } from './attachByReference.ts';

/**
 * The fix for an ALLOW of which ztunnel reads some rules: the policy goes to the waypoint, with all its rules, and a
 * second one stays with the pods. That one has the rules that need no HTTP, and admits the waypoint, which calls under
 * its own identity. Offered only where the waypoint is known and the second policy can be written without a guess.
 */
export function splitPolicy(scope: Scope, located: Located): Fix[] {
  const { world, meshConfig } = scope;
  const service = serviceBehindWaypoint(scope, located);
  if (!service) return [];
  const binding = addresseeBinding(world, service.located);
  const [attach] = replaceSelector(located, '', 'Service', service.name);
  const name = `${located.name}-pods`;
  const { kind, group } = located.resource;
  if (!attach || binding.state !== 'bound' || world.find(`${group}/${kind}`, located.namespace, name)) return [];
  const { document, root } = located;
  // An alias means nothing in another document, and names from a template or a kustomization are not the written ones.
  const rules = at(root, 'spec', 'rules');
  const isPlain = rules?.kind === 'seq' && !rules.flow && text(root, 'metadata', 'name') === located.name;
  if (!isPlain || document.parsed.actions.length > 0 || holdsAlias(rules)) return [];
  const principal = principalOf({
    trustDomain: meshConfig.trustDomain,
    namespace: binding.waypoint.namespace,
    serviceAccount: waypointServiceAccount(binding.waypoint),
  });
  const lines = podPolicy(located, name, principal);
  const newline = newlineOf(document.text);
  const end = document.text.length;
  const lead = document.text.endsWith('\n') ? '' : newline;
  const added = { span: { start: end, end }, text: `${lead}${lines.join(newline)}${newline}` };
  return [
    {
      title: `Split: all rules at the waypoint of Service \`${service.name}\`, those without HTTP and the waypoint itself at the pods`,
      safe: false,
      edits: [...attach.edits, added],
    },
  ];
}

function podPolicy(located: Located, name: string, principal: string): string[] {
  const { root, document, resource } = located;
  const namespace = text(root, 'metadata', 'namespace');
  const labels = entriesOf(at(root, 'spec', 'selector', 'matchLabels'));
  const kept = ztunnelRules(root).filter(({ outcome }) => outcome === 'as-written');
  return [
    '---',
    `apiVersion: ${text(root, 'apiVersion') ?? ''}`,
    `kind: ${resource.kind}`,
    'metadata:',
    `  name: ${scalarText(name)}`,
    ...(namespace === undefined ? [] : [`  namespace: ${scalarText(namespace)}`]),
    'spec:',
    '  selector:',
    '    matchLabels:',
    ...labels.map(({ key, value }) => `      ${scalarText(key.text)}: ${scalarText(text(value) ?? '')}`),
    '  action: ALLOW',
    '  rules:',
    '    - from:',
    '        - source:',
    `            principals: [${JSON.stringify(principal)}]`,
    ...kept.flatMap(({ node }) => listItem(document.text, node)),
  ];
}

/** A rule as it is written, comments included, in the column of the new list. */
function listItem(source: string, rule: YamlNode): string[] {
  const column = columnOf(source, rule.start);
  const lines = source.slice(rule.start, rule.end).trimEnd().split(/\r?\n/);
  const unindented = lines.map((line, index) => (index === 0 ? line : line.slice(Math.min(column, indentOf(line)))));
  return unindented.map((line, index) => (index === 0 ? `    - ${line}` : line === '' ? '' : `      ${line}`));
}

function indentOf(line: string): number {
  return line.length - line.trimStart().length;
}

/** Depth is bounded by the parser. */
function holdsAlias(node: YamlNode): boolean {
  if (node.kind === 'map') return node.entries.some(({ value }) => holdsAlias(value));
  return node.kind === 'seq' ? node.items.some(holdsAlias) : node.kind === 'alias';
}
