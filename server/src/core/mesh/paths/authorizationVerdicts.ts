import type { Located, Site } from '../../model/located.ts';
import { items, text } from '../../yaml/access.ts';
import { isLegible } from '../authorization/decide.ts';
import { isReadable } from '../authorization/fields.ts';
import { namesCallers } from '../principals.ts';
import { isDryRun } from '../selection.ts';
import { actionOf, ignoredByZtunnel, type L7Use, l7UsesOf, ztunnelOutcome, ztunnelRules } from '../ztunnelPolicy.ts';
import type { PathContext } from './context.ts';
import type { Ends } from './ends.ts';
import { verdict } from './judgement.ts';
import { readsRequests } from './speech.ts';
import type { EnforcementPoint, PolicyVerdict } from './vocabulary.ts';

/** What becomes of an AuthorizationPolicy at the proxy that evaluates it: as written, or as what else. */
export function authorizationVerdict(
  context: PathContext,
  policy: Located,
  point: EnforcementPoint,
  ends: Ends,
  behindWaypoint: boolean,
): PolicyVerdict {
  const { node } = point;
  const action = actionOf(policy.root);
  if (action === undefined || !isLegible(policy))
    return verdict(policy, 'unknown', node, 'none', 'part of it comes from a template or cannot be read');
  const atZtunnel = node.startsWith('zt:');
  const dry = isDryRun(policy);
  if (dry && !(atZtunnel && context.settings.istiod.ambientEnableDryRunAuthorizationPolicy)) {
    return verdict(policy, 'ignored', atZtunnel ? null : node, 'none', 'it is a dry run');
  }
  if (atZtunnel) return ztunnelVerdict(policy, point, behindWaypoint);
  const reads = point.layer === 'L7' && readsRequests(ends);
  return reads ? verdict(policy, 'enforced', node, 'as-written', null) : tcpVerdict(policy, point);
}

/** Rules Z: what needs HTTP is dropped, and what is left decides. */
function ztunnelVerdict(policy: Located, { node, sees }: EnforcementPoint, behindWaypoint: boolean): PolicyVerdict {
  const uses = l7UsesOf(policy.root);
  const because = sitesOf(policy, uses);
  const fields = fieldList(uses.length > 0 ? uses : ignoredByZtunnel(policy.root));
  switch (ztunnelOutcome(policy.root)) {
    case 'unsupported-action': {
      const action = text(policy.root, 'spec', 'action') ?? '';
      const effect = action === 'AUDIT' ? 'none' : 'fail-open';
      return verdict(policy, 'ignored', null, effect, `ztunnel does not support the ${action} action`);
    }
    case 'denies-all':
      return verdict(
        policy,
        'degraded',
        node,
        'fail-closed',
        `every rule needs HTTP (${fields}) and is dropped: an ALLOW policy without rules matches nothing`,
        because,
      );
    case 'narrower':
      return verdict(policy, 'degraded', node, 'narrower', `rules that need HTTP (${fields}) are dropped`, because);
    case 'without-effect':
      return verdict(
        policy,
        'no-effect',
        node,
        'fail-open',
        `every rule has a part of nothing but fields that ztunnel cannot read (${fields}), which never matches`,
        because,
      );
    case 'altered':
      return alteredVerdict(policy, node, fields, because);
    case 'as-written':
      return writtenVerdict(policy, node, behindWaypoint ? sees.identity : null);
  }
}

function alteredVerdict(policy: Located, node: string, fields: string, because: readonly Site[]): PolicyVerdict {
  const widened = ztunnelRules(policy.root).some((rule) => rule.widened.length > 0);
  return widened
    ? verdict(policy, 'degraded', node, 'broader', `without ${fields} it denies more requests`, because)
    : verdict(policy, 'degraded', node, 'narrower', `the parts that need HTTP (${fields}) never match`, because);
}

/** `waypoint` is the identity of the one that the request comes through. */
function writtenVerdict(policy: Located, node: string, waypoint: string | null): PolicyVerdict {
  const ignored = ignoredByZtunnel(policy.root);
  if (ignored.length > 0) {
    return trustDomainsVerdict(policy, node, sitesOf(policy, ignored));
  }
  const hidden = waypoint !== null && namesCallers(policy.root);
  return verdict(
    policy,
    'enforced',
    node,
    'as-written',
    hidden ? `the peer that ztunnel sees is ${waypoint}, not the client` : null,
  );
}

/** Z5: beside other fields they restrict nothing; alone they leave nothing that could match. */
function trustDomainsVerdict(policy: Located, node: string, because: readonly Site[]): PolicyVerdict {
  const rules = ztunnelRules(policy.root);
  const hollow = rules.filter((rule) => rule.hollow);
  if (hollow.length === 0) {
    const reason = 'ztunnel does not know trustDomains, so that they restrict nothing';
    return verdict(policy, 'degraded', node, 'broader', reason, because);
  }
  const effect = hollow.length === rules.length ? 'fail-closed' : 'narrower';
  const reason = 'ztunnel does not know trustDomains, and a rule that names nothing else never matches';
  return verdict(policy, 'degraded', node, effect, reason, because);
}

/** Rules V: on a port that is not HTTP, Envoy drops such rules of an ALLOW, and such parts of a DENY. */
function tcpVerdict(policy: Located, { node }: EnforcementPoint): PolicyVerdict {
  const uses = l7UsesOf(policy.root).filter(({ field }) => needsRequests(field));
  const action = actionOf(policy.root);
  if (uses.length === 0 || action === 'CUSTOM') return verdict(policy, 'enforced', node, 'as-written', null);
  const fields = fieldList(uses);
  const because = sitesOf(policy, uses);
  if (action !== 'ALLOW') {
    const reason = `${fields} cannot be read on a TCP port: that part is dropped, and what is left matches more`;
    return verdict(policy, 'degraded', node, 'broader', reason, because);
  }
  const rules = items(policy.root, 'spec', 'rules');
  const lost = ztunnelRules(policy.root).filter(({ l7 }) => l7.some(({ field }) => needsRequests(field)));
  const effect = lost.length === rules.length ? 'fail-closed' : 'narrower';
  return verdict(policy, 'degraded', node, effect, `rules with ${fields} are dropped on a TCP port`, because);
}

function needsRequests(field: string): boolean {
  return !isReadable(field, 'envoy-tcp');
}

function sitesOf(policy: Located, uses: readonly L7Use[]): Site[] {
  return uses.map(({ node }) => ({ located: policy, node }));
}

function fieldList(uses: readonly L7Use[]): string {
  return [...new Set(uses.map(({ field }) => field))].join(', ');
}
