import { describeRival, rivalOf } from '../../mesh/rivals.ts';
import { selectorOf } from '../../mesh/selection.ts';
import { describeLocated } from '../../model/located.ts';
import { at } from '../../yaml/access.ts';
import { workspaceCheck } from '../check.ts';

/** Two Telemetries for the same proxies. */
export const telemetryRepeated = workspaceCheck({
  facts: {
    code: 'telemetry-repeated',
    severity: 'error',
    what: 'Two Telemetries configure the same proxies: both select a workload, or both are for the whole namespace.',
    why: 'A proxy takes the older of the two and nothing of the other.',
    todo: 'Join the two, or make their selectors exclude each other.',
    source: 'istio/istio pkg/config/analysis/analyzers/telemetry/{selector,default_selector}.go',
  },
  kinds: ['telemetry.istio.io/Telemetry'],
  run(located, scope) {
    const rival = rivalOf(scope.world, located);
    const where = selectorOf(located) ?? at(located.root, 'metadata', 'name');
    if (!rival || !where) return;
    const { workload } = rival;
    scope.report(where, `${describeLocated(rival.located)} ${describeRival(rival)}. Only the older one holds.`, {
      peers: workload ? ['IST0159', 'KIA0003'] : ['IST0160', 'KIA0002'],
      related: [{ site: { located: rival.located, node: rival.located.root }, message: 'the other Telemetry' }],
    });
  },
});
