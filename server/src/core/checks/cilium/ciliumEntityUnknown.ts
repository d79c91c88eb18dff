import { CILIUM_POLICIES } from '../../mesh/ciliumPolicies.ts';
import { nearestName } from '../../schema/unknownField.ts';
import { items, text } from '../../yaml/access.ts';
import { replaceScalar } from '../../yaml/edits.ts';
import { workspaceCheck } from '../check.ts';
import { entriesOfSpec, specsOf } from './specs.ts';

const ENTITIES = [
  'all',
  'world',
  'world-ipv4',
  'world-ipv6',
  'cluster',
  'host',
  'init',
  'ingress',
  'unmanaged',
  'remote-node',
  'health',
  'none',
  'kube-apiserver',
];

/** The words for what is no pod. */
export const ciliumEntityUnknown = workspaceCheck({
  facts: {
    code: 'cilium-entity-unknown',
    severity: 'error',
    what: 'A rule of Cilium names an entity that Cilium does not know.',
    why: 'Cilium refuses the whole policy, so none of its rules is enforced.',
    todo: 'Use one of the entities, such as `cluster`, `world`, `host` or `kube-apiserver`; pods are selected by `fromEndpoints` and `toEndpoints`.',
    source: 'cilium/cilium@005aed24:pkg/policy/api/rule_validation.go',
  },
  kinds: CILIUM_POLICIES,
  run(located, { report }) {
    for (const { direction, node } of specsOf(located).flatMap(entriesOfSpec)) {
      for (const entity of items(node, direction === 'ingress' ? 'fromEntities' : 'toEntities')) {
        const written = text(entity);
        if (written === undefined || ENTITIES.includes(written)) continue;
        const near = nearestName(written, ENTITIES);
        const hint = near === undefined ? ` Cilium has ${ENTITIES.join(', ')}.` : ` Did you mean \`${near}\`?`;
        report(entity, `Cilium knows no entity \`${written}\`.${hint}`, {
          fixes:
            near !== undefined && entity.kind === 'scalar'
              ? [{ title: `Change to \`${near}\``, safe: false, edits: [replaceScalar(entity, near)] }]
              : [],
        });
      }
    }
  },
});
