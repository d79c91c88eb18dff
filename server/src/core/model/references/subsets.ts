import { at, items, text } from '../../yaml/access.ts';
import { fullHost, hostsMatch } from '../hosts.ts';
import { describeLocated, type Located } from '../located.ts';
import type { World } from '../world.ts';
import { beside, declared, fromWorld, type NameForm, namespaceOf, type Use } from './reference.ts';

/** Subsets: declared by the DestinationRules of a host, named beside that host. */

interface RuleHosts {
  readonly byHost: ReadonlyMap<string, readonly Located[]>;
  readonly wildcards: readonly { readonly host: string; readonly rule: Located }[];
}

function ruleHosts(world: World): RuleHosts {
  const byHost = new Map<string, Located[]>();
  const wildcards: { host: string; rule: Located }[] = [];
  for (const rule of world.ofKind('networking.istio.io/DestinationRule')) {
    const written = text(rule.root, 'spec', 'host');
    if (written === undefined) continue;
    if (written.includes('*')) wildcards.push({ host: written, rule });
    else
      byHost.set(fullName(written, rule.namespace), [...(byHost.get(fullName(written, rule.namespace)) ?? []), rule]);
  }
  return { byHost, wildcards };
}

/** `reviews.shop` and `reviews.shop.svc` are the same Service as the full name. */
function fullName(host: string, namespace: string): string {
  const match = /^([a-z0-9-]+)\.([a-z0-9-]+)(?:\.svc)?$/.exec(host);
  return match ? `${match[1]}.${match[2]}.svc.cluster.local` : fullHost(host, namespace);
}

/** The DestinationRules of a host; those with a pattern count where none names the host itself. */
export function rulesOfHost(use: Use, host: string): readonly Located[] {
  const full = fullName(host, namespaceOf(use.located));
  const { byHost, wildcards } = fromWorld(use.scope.world, ruleHosts);
  return (
    byHost.get(full) ??
    byHost.get(host) ??
    wildcards.filter((candidate) => hostsMatch(candidate.host, full)).map(({ rule }) => rule)
  );
}

/** A subset of the host that stands beside it, under `hostKey`. */
export function subsetOf(hostKey: string): NameForm {
  const rules = (use: Use) => {
    const host = beside(use, hostKey);
    return host === undefined ? [] : rulesOfHost(use, host);
  };
  return {
    noun: 'subset',
    resolve: (written, use) =>
      rules(use).flatMap((rule) =>
        items(rule.root, 'spec', 'subsets')
          .filter((subset) => text(subset, 'name') === written)
          .flatMap((subset) => declared(rule, at(subset, 'name'), 'subset')),
      ),
    candidates: (use) =>
      rules(use).flatMap((rule) =>
        items(rule.root, 'spec', 'subsets').flatMap((subset) => {
          const name = text(subset, 'name');
          return name === undefined ? [] : [{ name, detail: describeLocated(rule), rank: 0 }];
        }),
      ),
  };
}
