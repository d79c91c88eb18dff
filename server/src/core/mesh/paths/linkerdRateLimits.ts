import type { Located } from '../../model/located.ts';
import { LINKERD_POLICY } from '../../model/routes.ts';
import { worldIndex } from '../../model/worldIndex.ts';
import { at, items, num } from '../../yaml/access.ts';
import type { Client } from '../linkerdAuthorizations.ts';
import { accountFits } from '../linkerdIdentity.ts';
import { policyTarget } from '../linkerdTargets.ts';
import { some } from '../truth.ts';
import type { PathContext } from './context.ts';
import type { NodeId, PolicyVerdict } from './vocabulary.ts';

const limitsOn = worldIndex<Located>([`${LINKERD_POLICY}/HTTPLocalRateLimitPolicy`], (policy) => {
  const target = policyTarget(policy);
  return target ? [[`${target.namespace}/${target.name}`, policy]] : [];
});

/** The rate limit of a Server. Linkerd takes one for each; every pod counts for itself. */
export function rateLimitVerdicts(
  { world, settings }: PathContext,
  server: Located,
  client: Client,
  at: NodeId,
): PolicyVerdict[] {
  return limitsOn(world, `${server.namespace}/${server.name}`).map((policy, index) => ({
    ref: `HTTPLocalRateLimitPolicy/${policy.namespace}/${policy.name}`,
    verdict: index === 0 ? ('enforced' as const) : ('shadowed' as const),
    at: index === 0 ? at : null,
    effect: index === 0 ? ('as-written' as const) : ('none' as const),
    reason: index === 0 ? rateOf(policy, client, settings.linkerd) : 'a Server takes one rate limit, the oldest',
    policy,
    because: [],
  }));
}

function rateOf(policy: Located, client: Client, values: PathContext['settings']['linkerd']): string {
  const spec = at(policy.root, 'spec');
  const total = num(spec, 'total', 'requestsPerSecond');
  const own = client.identity === null ? undefined : overrideFor(policy, client.identity, values);
  const each = own ?? num(spec, 'identity', 'requestsPerSecond');
  const parts = [
    ...(each === undefined ? [] : [`${each} requests per second for this identity`]),
    ...(total === undefined ? [] : [`${total} in total`]),
  ];
  return parts.length === 0 ? 'it limits nothing' : `${parts.join(', ')}, counted by each pod; beyond that HTTP 429`;
}

function overrideFor(
  policy: Located,
  identity: string,
  values: PathContext['settings']['linkerd'],
): number | undefined {
  const override = items(policy.root, 'spec', 'overrides').find(
    (entry) =>
      some(items(entry, 'clientRefs'), (reference) => accountFits(reference, policy.namespace, identity, values)) ===
      'yes',
  );
  return num(override, 'requestsPerSecond');
}
