import { asScalar, at, text } from '../../yaml/access.ts';
import { replaceScalar } from '../../yaml/edits.ts';
import type { CheckFacts, Fix, Rule } from '../rule.ts';
import { fieldNode } from '../rules.ts';
import { textOr } from './defaults.ts';

/** A reference says group and kind apart, with defaults for each, which is easy to get wrong. */

const MISMATCH: CheckFacts = {
  code: 'reference-group-mismatch',
  severity: 'warning',
  what: 'A `parentRef` or `backendRef` whose group does not have its kind; most often `kind: Service` as a parent without `group: ""`.',
  why: 'The API server accepts it, but nothing has this group and kind: the route attaches to nothing, or its requests fail.',
  todo: 'Set the group that the message names.',
  source: 'Gateway API CRDs, defaults of parentRefs and backendRefs',
};

const ROUTE_GROUP = 'gateway.networking.k8s.io';

/** Kinds that meshes know as parents or backends, with their groups; the first is the usual one. */
const GROUPS: ReadonlyMap<string, readonly string[]> = new Map([
  // Linkerd also takes `core`, the name that the group has in its other resources.
  ['Service', ['', 'core']],
  ['ServiceEntry', ['networking.istio.io']],
  ['Hostname', ['networking.istio.io']],
  ['Server', ['policy.linkerd.io']],
  ['EgressNetwork', ['policy.linkerd.io']],
  ['ServiceImport', ['multicluster.x-k8s.io', 'net.gke.io']],
  ['InferencePool', ['inference.networking.k8s.io', 'inference.networking.x-k8s.io']],
  ['ListenerSet', [ROUTE_GROUP]],
]);

function shown(group: string): string {
  return group === '' ? '""' : group;
}

/** For one reference. `defaultGroup` is what an absent group means there. */
export function groupOfKind(defaultGroup: string, defaultKind: string): Rule {
  return {
    facts: MISMATCH,
    needsWhole: true,
    run(node, report) {
      const kind = textOr(node, 'kind', defaultKind);
      const group = textOr(node, 'group', defaultGroup);
      const groups = kind === undefined ? undefined : GROUPS.get(kind);
      const wanted = groups?.[0];
      if (group === undefined || wanted === undefined || groups?.includes(group)) return;
      const scalar = asScalar(at(node, 'group'));
      const fixes: Fix[] = scalar
        ? [
            {
              title: `Change the group to ${shown(wanted)}`,
              safe: false,
              edits: [replaceScalar(scalar, wanted)],
            },
          ]
        : [];
      const why = text(node, 'group') === undefined ? `; without \`group\` it is looked up in \`${shown(group)}\`` : '';
      const place = fieldNode(node, scalar ? 'group' : 'kind');
      report(
        place,
        `A \`${kind}\` is found in the group \`${shown(wanted)}\`${why}. Set \`group: ${shown(wanted)}\`.`,
        { fixes },
      );
    },
  };
}
