import { enrolmentOf } from '../../mesh/enrolment.ts';
import { workloadOf } from '../../model/workloads.ts';
import { at, items, num, text } from '../../yaml/access.ts';
import { workspaceCheck } from '../check.ts';

const PROXY_USER = 1337;
const PROXY_CONTAINER = 'istio-proxy';

/** An application that runs as the user of the sidecar. */
export const proxyUserTaken = workspaceCheck({
  facts: {
    code: 'proxy-user-taken',
    severity: 'warning',
    what: 'A container runs as user 1337, the user of the sidecar.',
    why: 'The rules that send traffic through the sidecar leave out what user 1337 sends, so that the sidecar does not call itself. This application gets past the sidecar in the same way: no mTLS, no policy, no telemetry.',
    todo: 'Run the application as another user.',
    peers: ['IST0144'],
    source: 'istio/istio pkg/config/analysis/analyzers/deployment/pod.go',
  },
  kinds: ['/Pod', 'apps/Deployment', 'apps/StatefulSet', 'apps/DaemonSet', 'batch/Job', 'batch/CronJob'],
  run(located, scope) {
    const workload = workloadOf(located);
    if (!workload) return;
    const { dataPlane, certain } = enrolmentOf(scope.world, workload);
    if (dataPlane !== 'sidecar' && (dataPlane !== 'none' || (certain && !scope.settings.closedWorld))) return;
    const whole = at(workload.spec, 'securityContext', 'runAsUser');
    const applications = items(workload.spec, 'containers').filter((each) => text(each, 'name') !== PROXY_CONTAINER);
    const own = applications.flatMap((container) => at(container, 'securityContext', 'runAsUser') ?? []);
    // What a container says for itself replaces what stands for the pod.
    const inherits = applications.length === 0 || applications.length > own.length;
    for (const node of [...(whole && inherits ? [whole] : []), ...own]) {
      if (num(node) === PROXY_USER)
        scope.report(node, 'User 1337 is that of the sidecar: what this application sends goes past it.');
    }
  },
});
