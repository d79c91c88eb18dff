import { at, entriesOf, has, isTemplated, items, text } from '../../yaml/access.ts';
import { field, fragment, list, object, required, string } from '../define.ts';
import { kind } from '../kind.ts';
import type { CheckFacts, Rule } from '../rule.ts';
import { fieldNode } from '../rules.ts';
import { subsetName } from './destination.ts';
import { exportTo, selectorStaysHome } from './exportTo.ts';
import { wildcardDomain } from './hosts.ts';
import { labels } from './labels.ts';
import { workloadSelector } from './selector.ts';
import { specNeeded } from './specNeeded.ts';
import { trafficPolicy } from './trafficPolicy.ts';

const DUPLICATE_SUBSET: CheckFacts = {
  code: 'duplicate-subset',
  severity: 'error',
  what: 'Two subsets of one DestinationRule with the same name.',
  why: 'Routes refer to subsets by name, so it would be unclear which one is meant; the webhook of istiod refuses the resource.',
  todo: 'Rename one of them.',
  source: 'istio/istio pkg/config/validation/validation.go, ValidateDestinationRule',
};

const distinctSubsets: Rule = {
  facts: DUPLICATE_SUBSET,
  run(node, report) {
    const seen = new Set<string>();
    for (const item of items(node)) {
      const name = text(item, 'name');
      if (name === undefined || name === '') continue;
      if (seen.has(name)) report(fieldNode(item, 'name'), `There is already a subset \`${name}\` in this resource.`);
      seen.add(name);
    }
  },
};

const SUBSET_WITHOUT_LABELS: CheckFacts = {
  code: 'subset-without-labels',
  severity: 'info',
  what: 'A subset without labels.',
  why: 'It holds all endpoints of the host, so routes to it divide nothing; that is only of use for a traffic policy of its own.',
  todo: 'Add the labels by which the pods of the subset differ, such as `version: v2`.',
  peers: ['KIA0209'],
};

const labelled: Rule = {
  facts: SUBSET_WITHOUT_LABELS,
  needsWhole: true,
  run(node, report) {
    const labelMap = at(node, 'labels');
    if (isTemplated(labelMap) || entriesOf(labelMap).length > 0 || has(node, 'trafficPolicy')) return;
    report(at(node, 'name') ?? node, 'This subset has no labels, so it holds all endpoints of the host.');
  },
};

const subset = fragment(() =>
  object(
    {
      name: required(
        string({ rules: [subsetName({ emptyAllowed: false })] }),
        'The name that routes use: a DNS label such as `v2`.',
      ),
      labels: field(labels(), 'Labels that pods of the subset carry, beside those that the Service selects by.'),
      trafficPolicy: field(
        trafficPolicy(),
        'Settings for this subset alone. Each field that is set here replaces the one of the host; the others still count.',
      ),
    },
    { rules: [labelled] },
  ),
);

export const destinationRule = kind({
  project: 'istio',
  group: 'networking.istio.io',
  kind: 'DestinationRule',
  plural: 'destinationrules',
  shortNames: ['dr'],
  scope: 'Namespaced',
  doc: 'Says **how** requests reach a host once a route has chosen it: load balancing, connection limits, outlier detection, TLS; and names subsets of its endpoints for routes. The proxy of the **client** applies it, looking in the namespace of the client, then of the service, then in the root namespace. In ambient a waypoint does, as if it were the client; a ztunnel never reads it.',
  reference: 'https://istio.io/latest/docs/reference/config/networking/destination-rule/',
  readBy: ['sidecar', 'waypoint', 'gateway'],
  versions: {
    v1: { served: true, storage: true, since: '1.22' },
    v1beta1: { served: true },
    v1alpha3: { served: true },
  },
  spec: () =>
    object(
      {
        host: required(
          string({ rules: [wildcardDomain()] }),
          'The host that the settings are for: a service or a host of a ServiceEntry, or a wildcard such as `*.prod.svc.cluster.local`. A short name is completed with the namespace **of this resource**. The most specific rule counts; a wildcard rule adds nothing to it.',
        ),
        trafficPolicy: field(
          trafficPolicy(),
          'Settings for the host as a whole; subsets and ports can have their own.',
        ),
        subsets: field(
          list(subset(), { rules: [distinctSubsets] }),
          'Named parts of the endpoints, by label, to which routes can send.',
        ),
        exportTo: field(
          exportTo(),
          'The namespaces whose proxies see the resource: `.` for its own, `*` for all, or names.',
          { default: '*' },
        ),
        workloadSelector: field(
          workloadSelector(),
          'The **client** workloads that the resource is for, in its own namespace. Without it all clients that see the resource use it.',
        ),
      },
      { rules: [selectorStaysHome] },
    ),
  rules: [specNeeded],
});
