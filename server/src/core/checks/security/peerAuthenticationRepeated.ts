import { describeRival, rivalOf } from '../../mesh/rivals.ts';
import { selectorOf } from '../../mesh/selection.ts';
import { describeLocated } from '../../model/located.ts';
import { at } from '../../yaml/access.ts';
import { workspaceCheck } from '../check.ts';

/** Two PeerAuthentications for the same workloads. */
export const peerAuthenticationRepeated = workspaceCheck({
  facts: {
    code: 'peer-authentication-repeated',
    severity: 'error',
    what: 'Two PeerAuthentications are for the same workloads: both select one, or both are for the whole namespace.',
    why: 'Only the older of the two holds, and a new cluster made from the same files may age them the other way round.',
    todo: 'Join the two, or make their selectors exclude each other.',
    source: 'kiali/kiali business/checkers/common/multi_match_checker.go',
  },
  kinds: ['security.istio.io/PeerAuthentication'],
  run(located, scope) {
    const rival = rivalOf(scope.world, located);
    const where = selectorOf(located) ?? at(located.root, 'metadata', 'name');
    if (!rival || !where) return;
    const { workload } = rival;
    scope.report(where, `${describeLocated(rival.located)} ${describeRival(rival)}. Only the older one holds.`, {
      peers: [workload ? 'KIA0003' : 'KIA0002'],
      related: [
        { site: { located: rival.located, node: rival.located.root }, message: 'the other PeerAuthentication' },
      ],
    });
  },
});
