import { isMeshNamespace } from '../../mesh/meshNamespaces.ts';
import { POD_MAKERS } from '../../mesh/waypointLabels.ts';
import { workloadOf } from '../../model/workloads.ts';
import { isPortName } from '../../schema/formats.ts';
import { asScalar, at, items } from '../../yaml/access.ts';
import { replaceWithSource } from '../../yaml/edits.ts';
import type { YamlNode } from '../../yaml/tree.ts';
import { type Scope, workspaceCheck } from '../check.ts';

/** Names of ports that cannot be any, on both ends of a Service of the mesh. */
export const targetPortInvalid = workspaceCheck({
  facts: {
    code: 'target-port-invalid',
    severity: 'error',
    what: 'A Service of a mesh sends to a port whose name no port can have, or a container has a port of such a name.',
    why: 'The API server refuses the resource, so that what routes and policies of the mesh name is not there. A number in quotes is taken for a name, too.',
    todo: 'Write the number without quotes, or a name of at most 15 lower-case letters, digits and single hyphens, with a letter in it.',
    source: 'stackrox/kube-linter@35de568d:pkg/templates/targetport; kubernetes validation of port names',
  },
  kinds: ['/Service', ...POD_MAKERS],
  run(located, scope) {
    for (const node of portNames(located)) judge(node, located.namespace, scope);
  },
});

function portNames(located: Parameters<typeof workloadOf>[0]): YamlNode[] {
  if (located.resource.kind === 'Service')
    return items(located.root, 'spec', 'ports').flatMap((port) => at(port, 'targetPort') ?? []);
  return items(workloadOf(located)?.spec, 'containers').flatMap((container) =>
    items(container, 'ports').flatMap((port) => at(port, 'name') ?? []),
  );
}

function judge(node: YamlNode, namespace: string, { world, report }: Scope): void {
  const scalar = asScalar(node);
  if (!scalar || scalar.templated || scalar.type !== 'string' || isPortName(scalar.text)) return;
  if (!isMeshNamespace(world, namespace)) return;
  const isNumber = /^\d+$/.test(scalar.text) && scalar.key?.text === 'targetPort';
  report(
    scalar,
    isNumber
      ? `In quotes \`${scalar.text}\` is the name of a port, and a name needs a letter. Write the number without quotes.`
      : `\`${scalar.text}\` cannot be the name of a port: it takes at most 15 lower-case letters, digits and single hyphens, with a letter in it.`,
    {
      fixes: isNumber
        ? [{ title: 'Remove the quotes', safe: false, edits: [replaceWithSource(scalar, scalar.text)] }]
        : [],
    },
  );
}
