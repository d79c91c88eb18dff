import { policyTarget } from '../../mesh/linkerdTargets.ts';
import { worldIndex } from '../../model/worldIndex.ts';
import { at } from '../../yaml/access.ts';
import { workspaceCheck } from '../check.ts';

const RATE_LIMIT = 'policy.linkerd.io/HTTPLocalRateLimitPolicy';

/** A second rate limit for one Server. */
export const rateLimitRepeated = workspaceCheck({
  facts: {
    code: 'rate-limit-repeated',
    severity: 'error',
    what: 'Two HTTPLocalRateLimitPolicies are for the same Server.',
    why: 'Linkerd takes the older one. The other has no effect, and only its status says so.',
    todo: 'Put all limits into one policy.',
    peers: ['LKD:already-exists'],
    source: 'linkerd/linkerd2:policy-controller/k8s/status/src/index.rs',
  },
  kinds: [RATE_LIMIT],
  run(located, { world, report }) {
    const target = policyTarget(located);
    if (!target) return;
    const other = limitsOf(world, `${target.key}/${target.namespace}/${target.name}`).find(
      ({ name }) => name !== located.name,
    );
    if (!other) return;
    report(
      target.nameNode,
      `HTTPLocalRateLimitPolicy \`${other.name}\` is for ${target.kind} \`${target.name}\` as well; only the older one holds.`,
      {
        related: [
          {
            site: { located: other, node: at(other.root, 'spec', 'targetRef', 'name') ?? other.root },
            message: 'the other policy',
          },
        ],
      },
    );
  },
});

const limitsOf = worldIndex([RATE_LIMIT], (limit) => {
  const target = policyTarget(limit);
  return target ? [[`${target.key}/${target.namespace}/${target.name}`, limit]] : [];
});
