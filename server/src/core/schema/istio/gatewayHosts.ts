import { asScalar, items, text } from '../../yaml/access.ts';
import { replaceScalar } from '../../yaml/edits.ts';
import type { YamlNode } from '../../yaml/tree.ts';
import { isIpAddress } from '../addresses.ts';
import { list, string } from '../define.ts';
import type { CheckFacts, Fix, Rule } from '../rule.ts';
import { isDnsLabel, wildcardDomainProblem } from './hosts.ts';

/** Hosts in the form `namespace/name`, by which servers of a Gateway and egress listeners of a Sidecar choose services. */

const HOST_ENTRY: CheckFacts = {
  code: 'invalid-host-entry',
  severity: 'error',
  what: 'A host that is not of the form `namespace/name` with a full DNS name.',
  why: 'Short names are not completed here and would match nothing; the webhook of istiod refuses the resource.',
  todo: 'Write the full name, such as `prod/reviews.prod.svc.cluster.local`; `*` or `.` can stand for the namespace, `*` or `*.example.com` for the name.',
  source: 'istio/istio pkg/config/validation/agent/validation.go, ValidateNamespaceSlashWildcardHostname',
};

type Place = 'gateway' | 'sidecar';

function nameProblem(name: string, place: Place): string | undefined {
  if (name === '*') return undefined;
  if (!name.includes('.')) return 'short names are not allowed, write the full DNS name';
  if (place === 'gateway' && isIpAddress(name)) return undefined;
  const problem = wildcardDomainProblem(name);
  if (problem) return problem;
  return name.includes('*') && !name.startsWith('*.')
    ? 'a wildcard must be a whole part, as in `*.example.com`'
    : undefined;
}

function namespaceProblem(namespace: string, place: Place): string | undefined {
  if (namespace === '*' || namespace === '.') return undefined;
  if (place === 'sidecar' && namespace === '~') return undefined;
  // A Sidecar leaves out what an entry with a tilde in front selects.
  const name = place === 'sidecar' && namespace.startsWith('~') ? namespace.slice(1) : namespace;
  if (isDnsLabel(name)) return undefined;
  const tilde = place === 'sidecar' ? ', `~`' : '';
  return `\`${namespace}\` is not a namespace (write \`*\`, \`.\`${tilde} or a name)`;
}

function entryProblem(entry: string, place: Place): string | undefined {
  const slash = entry.indexOf('/');
  if (slash === -1) {
    return place === 'gateway' ? nameProblem(entry, place) : 'it must be of the form `namespace/name`, such as `./*`';
  }
  const namespace = entry.slice(0, slash);
  const name = entry.slice(slash + 1);
  if (namespace === '' || name === '') return 'nothing may be empty around the slash';
  return namespaceProblem(namespace, place) ?? nameProblem(name, place);
}

/** A bare name is mostly meant for whichever namespace the service is in. */
function anyNamespaceFix(node: YamlNode, entry: string): Fix[] {
  const scalar = asScalar(node);
  const whole = `*/${entry}`;
  if (!scalar || entry.includes('/') || entryProblem(whole, 'sidecar') !== undefined) return [];
  return [{ title: `Change to ${whole}`, safe: false, edits: [replaceScalar(scalar, whole)] }];
}

function hostEntry(place: Place): Rule {
  return {
    facts: HOST_ENTRY,
    run(node, report) {
      const entry = text(node);
      const problem = entry === undefined ? undefined : entryProblem(entry, place);
      if (entry === undefined || !problem) return;
      const fixes = place === 'sidecar' ? anyNamespaceFix(node, entry) : [];
      report(node, `\`${entry}\` is not a host of a ${place}: ${problem}.`, { fixes });
    },
  };
}

const EMPTY_HOSTS: CheckFacts = {
  code: 'hosts-empty',
  severity: 'error',
  what: 'A listener without any host.',
  why: 'It would select nothing; the webhook of istiod refuses the resource.',
  todo: 'List at least one host. `*` stands for all of them on a Gateway, `./*` for the own namespace in a Sidecar.',
  source: 'istio/istio pkg/config/validation/validation.go, validateServer and ValidateSidecar',
};

const someHost: Rule = {
  facts: EMPTY_HOSTS,
  needsWhole: true,
  run(node, report) {
    if (items(node).length === 0) report(node, '`hosts` is empty; at least one host is needed.');
  },
};

const WELL_KNOWN_HOSTS: Readonly<Record<Place, Readonly<Record<string, string>>>> = {
  gateway: {
    '*': 'All hosts, of VirtualServices in any namespace.',
    './*': 'All hosts, of VirtualServices in the namespace of this Gateway.',
  },
  sidecar: {
    './*': 'All services of the own namespace.',
    'istio-system/*': 'All services of the namespace of istiod, usually with telemetry among them.',
    '*/*': 'All services that are exported to this namespace: nothing is narrowed down.',
    '~/*': 'No service at all.',
  },
};

export function hostEntries(place: Place, rules: readonly Rule[] = []) {
  return list(string({ rules: [hostEntry(place)], suggest: WELL_KNOWN_HOSTS[place] }), { rules: [someHost, ...rules] });
}
