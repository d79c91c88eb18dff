import { CILIUM_POLICIES } from '../../mesh/ciliumPolicies.ts';
import { items, text } from '../../yaml/access.ts';
import { workspaceCheck } from '../check.ts';
import { slipOf } from '../slip.ts';
import { entriesOfSpec, specsOf } from './specs.ts';

const ENTITIES = [
  'all',
  'world',
  'cluster',
  'cluster-mesh',
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
        const { hint, fixes } = slipOf(entity, written, ENTITIES);
        const advice = hint === '' ? ` Cilium has ${ENTITIES.join(', ')}.` : hint;
        report(entity, `Cilium knows no entity \`${written}\`.${advice}`, { fixes });
      }
    }
  },
});
