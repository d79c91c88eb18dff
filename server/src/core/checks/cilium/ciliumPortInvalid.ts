import { CILIUM_POLICIES } from '../../mesh/ciliumPolicies.ts';
import { isPortName } from '../../schema/formats.ts';
import { asScalar, at, isTemplated, items } from '../../yaml/access.ts';
import { replaceWithSource } from '../../yaml/edits.ts';
import type { YamlNode } from '../../yaml/tree.ts';
import { type Scope, workspaceCheck } from '../check.ts';
import { entriesOfSpec, specsOf } from './specs.ts';

const MOST_PORTS = 40;
const DECIMAL = /^\d+$/;

/** The ports of Cilium's rules. */
export const ciliumPortInvalid = workspaceCheck({
  facts: {
    code: 'cilium-port-invalid',
    severity: 'error',
    what: 'A port of a Cilium rule is missing, is no port, or is one of more than 40.',
    why: 'The policy is refused as a whole, so none of its rules is enforced.',
    todo: 'Write the number as text (`port: "8080"`) or the name of a container port; distribute long lists over several items of `toPorts`, or use `endPort`.',
    source: 'cilium/cilium@005aed24:pkg/policy/api/rule_validation.go',
  },
  kinds: CILIUM_POLICIES,
  run(located, scope) {
    for (const entry of specsOf(located).flatMap(entriesOfSpec)) {
      for (const list of items(entry.node, 'toPorts').flatMap((port) => at(port, 'ports') ?? [])) {
        const ports = items(list);
        if (ports.length > MOST_PORTS && list.key)
          scope.report(list.key, `${ports.length} ports in one list; Cilium takes ${MOST_PORTS}.`);
        for (const port of ports) judge(port, scope);
      }
    }
  },
});

function judge(entry: YamlNode, { report }: Scope): void {
  const port = asScalar(at(entry, 'port'));
  if (isTemplated(entry) || isTemplated(port)) return;
  if (!port) {
    if (entry.kind === 'map') report(entry, 'The port is missing: write `port`; `port: "0"` is every port.');
    return;
  }
  if (port.type === 'int')
    report(port, `A port is text here: write \`"${port.text}"\` in quotes, or the API server refuses the policy.`, {
      fixes: [{ title: 'Put it in quotes', safe: true, edits: [replaceWithSource(port, `"${port.text}"`)] }],
    });
  else if (DECIMAL.test(port.text) ? Number(port.text) > 65535 : !isPortName(port.text.toLowerCase()))
    report(port, `\`${port.text}\` is neither a port number (up to 65535) nor the name of a port.`);
}
