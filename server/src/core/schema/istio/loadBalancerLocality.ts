import { at, entriesOf, has, isTemplated, items, num, text } from '../../yaml/access.ts';
import type { YamlNode } from '../../yaml/tree.ts';
import { bool as boolean, field, fragment, int, list, map, object, string } from '../define.ts';
import type { CheckFacts, Report, Rule } from '../rule.ts';
import { fieldNode, isFilled } from '../rules.ts';
import { uint32 } from './port.ts';

/** Preferring near endpoints: regions, zones and subzones, written as `region/zone/subzone`. */

const SOURCE = 'istio/istio pkg/config/validation/agent/validation.go, ValidateLocalityLbSetting';

const LOCALITY_CONFLICT: CheckFacts = {
  code: 'locality-setting-conflict',
  severity: 'error',
  what: '`distribute` together with `failover`, or `failover` together with a topology label in `failoverPriority`.',
  why: 'Both say in which order places are used; the webhook of istiod refuses the resource.',
  todo: 'Keep one of them.',
  source: SOURCE,
};

const TOPOLOGY_LABELS = ['topology.kubernetes.io/region', 'topology.kubernetes.io/zone', 'topology.istio.io/subzone'];

const oneOrder: Rule = {
  facts: LOCALITY_CONFLICT,
  run(node, report) {
    if (items(node, 'failover').length === 0) return;
    if (items(node, 'distribute').length > 0) {
      report(
        fieldNode(node, 'failover'),
        '`distribute` and `failover` exclude each other: one divides traffic by weight, the other by order.',
      );
      return;
    }
    const label = items(node, 'failoverPriority').find((item) => TOPOLOGY_LABELS.includes(text(item) ?? ''));
    if (label) report(label, `\`${text(label)}\` already says which places come first, so it excludes \`failover\`.`);
  },
};

const LOCALITY_WEIGHTS: CheckFacts = {
  code: 'invalid-locality-weights',
  severity: 'error',
  what: 'The weights of the places that one place sends to are not from 1 to 100, or do not sum to 100.',
  why: 'They are percentages; the webhook of istiod refuses the resource.',
  todo: 'Make the weights under each `to` sum to 100, and leave out places that get nothing.',
  source: SOURCE,
};

const weightsSum: Rule = {
  facts: LOCALITY_WEIGHTS,
  run(node, report) {
    const entries = entriesOf(node);
    if (entries.some((entry) => isTemplated(entry.value) || num(entry.value) === undefined)) return;
    const wrong = entries.find((entry) => (num(entry.value) ?? 0) < 1 || (num(entry.value) ?? 0) > 100);
    const total = entries.reduce((sum, entry) => sum + (num(entry.value) ?? 0), 0);
    if (wrong) report(wrong.value, `A weight here is a percentage from 1 to 100, and this is ${num(wrong.value)}.`);
    else if (total !== 100) report(node, `The weights sum to ${total}; they are percentages and must sum to 100.`);
  },
};

const weightsNeeded: Rule = {
  facts: LOCALITY_WEIGHTS,
  needsWhole: true,
  run(node, report) {
    if (!has(node, 'to')) {
      report(node, 'Without `to` nothing says where the traffic goes; its weights must sum to 100.');
    }
  },
};

const INVALID_LOCALITY: CheckFacts = {
  code: 'invalid-locality',
  severity: 'error',
  what: 'A place in a form other than `region/zone/subzone`, one that overlaps with another of the same list, or a failover that is not from region to region.',
  why: 'It would be unclear which entry counts; the webhook of istiod refuses the resource.',
  todo: 'Write `region`, `region/zone` or `region/zone/subzone`; `*` only at the end; in `failover` plain names of different regions.',
  source: SOURCE,
};

function localityProblem(locality: string): string | undefined {
  if (locality.split('/').some((part) => part === '')) return 'a part between slashes is empty';
  const stars = locality.split('*').length - 1;
  return stars > 1 || (stars === 1 && !locality.endsWith('*')) ? '`*` is allowed once, at the end' : undefined;
}

interface Place {
  readonly locality: string;
  readonly node: YamlNode;
}

/** True when all of `inner` lies in `outer`: what is left out at the end, or written `*`, stands for all that follows. */
function includes(outer: string, inner: string): boolean {
  const parts = inner.split('/');
  return outer.split('/').every((part, index) => part === '*' || part === parts[index]);
}

/** Reports malformed places, and pairs of which it is not clear which one counts. */
function reportPlaces(
  places: readonly Place[],
  clash: (earlier: string, later: string) => boolean,
  report: Report,
): void {
  for (const [index, { locality, node }] of places.entries()) {
    const problem = localityProblem(locality);
    const earlier = places.slice(0, index).find((other) => clash(other.locality, locality));
    if (problem) report(node, `\`${locality}\` is not a place: ${problem}.`);
    else if (earlier) {
      report(node, `\`${locality}\` overlaps with \`${earlier.locality}\`, so it is not clear which entry counts.`);
    }
  }
}

const distinctPlaces: Rule = {
  facts: INVALID_LOCALITY,
  run(node, report) {
    const sources = items(node).flatMap((item) => {
      const from = at(item, 'from');
      const locality = text(from);
      return from && locality !== undefined ? [{ locality, node: from }] : [];
    });
    // Sources are tried in order, so `eu-west/*` may follow `eu-west/a` and stand for the rest.
    reportPlaces(
      sources,
      (earlier, later) => includes(earlier, later) || (includes(later, earlier) && !later.endsWith('*')),
      report,
    );
    for (const item of items(node)) {
      const targets = entriesOf(at(item, 'to')).map(({ key }) => ({ locality: key.text, node: key }));
      reportPlaces(targets, (a, b) => includes(a, b) || includes(b, a), report);
    }
  },
};

const regions: Rule = {
  facts: INVALID_LOCALITY,
  run(node, report) {
    for (const name of ['from', 'to']) {
      const region = text(node, name);
      if (region !== undefined && /[/*]/.test(region)) {
        report(
          fieldNode(node, name),
          `\`${region}\`: a failover goes from one region to another, named without slashes and wildcards.`,
        );
      }
    }
    const [from, to] = [text(node, 'from'), text(node, 'to')];
    if (from !== undefined && from === to) {
      report(fieldNode(node, 'to'), `A failover goes to another region, and both are \`${from}\`.`);
    }
  },
};

const namesRegions: Rule = {
  facts: INVALID_LOCALITY,
  needsWhole: true,
  run(node, report) {
    if (!isFilled(node, 'from') && !isFilled(node, 'to'))
      report(node, 'A failover names two regions: `from` and `to`.');
  },
};

const failover = (since?: string) =>
  list(
    object(
      {
        from: field(string(), 'The region whose endpoints have become unhealthy.', { since }),
        to: field(string(), 'The region that takes their traffic.', { since }),
      },
      { rules: [regions, namesRegions] },
    ),
  );

export const localityLbSetting = fragment(() =>
  object(
    {
      enabled: field(
        boolean(),
        'Switches the preference for near endpoints on or off for this host, whatever the mesh says.',
      ),
      distribute: field(
        list(
          object(
            {
              from: field(
                string(),
                'Where the client is: `region/zone/subzone`, or less of it; `*` at the end for all that follows.',
              ),
              to: field(
                map(uint32(), { rules: [weightsSum] }),
                'Where its traffic goes: places with percentages that sum to 100.',
              ),
            },
            { rules: [weightsNeeded] },
          ),
          { rules: [distinctPlaces] },
        ),
        'Divides the traffic of each place among places by weight. Excludes `failover`.',
      ),
      failover: field(
        failover(),
        'Where traffic goes when a region has no healthy endpoint left. Needs `outlierDetection`, which finds the unhealthy ones.',
      ),
      failoverPriority: field(
        list(string()),
        'Labels in order of weight: endpoints that share more of them with the client, from the front, are preferred. `label=value` fixes the value. Needs `outlierDetection`.',
      ),
    },
    { rules: [oneOrder] },
  ),
);

export const zoneAwareLbSetting = fragment(() =>
  object({
    enabled: field(boolean(), 'Switches zone-aware load balancing on or off for this host, whatever the mesh says.', {
      since: '1.31',
    }),
    failover: field(failover('1.31'), 'Where traffic goes when a region has no healthy endpoint left.', {
      since: '1.31',
    }),
    failoverPriority: field(
      list(string()),
      'Labels in order of weight, by which endpoints are ranked against the client.',
      { since: '1.31' },
    ),
    minClusterSize: field(
      int({ min: 1, max: 4_294_967_295 }),
      'With fewer endpoints than this in the region of the client, zones are ignored.',
      { since: '1.31' },
    ),
  }),
);

/** True when a setting moves traffic away from unhealthy places. */
export function hasFailover(setting: YamlNode | undefined): boolean {
  return items(setting, 'failover').length > 0 || items(setting, 'failoverPriority').length > 0;
}
