import { enrolmentOf } from '../../mesh/enrolment.ts';
import { POD_MAKERS } from '../../mesh/waypointLabels.ts';
import { workloadOf } from '../../model/workloads.ts';
import { at, entriesOf } from '../../yaml/access.ts';
import { removeEntry } from '../../yaml/edits.ts';
import { workspaceCheck } from '../check.ts';

const LEFTOVER =
  /^(?:sidecar\.istio\.io\/(?!inject$|status$)|traffic\.sidecar\.istio\.io\/|status\.sidecar\.istio\.io\/|readiness\.status\.sidecar\.istio\.io\/|proxy\.istio\.io\/config$)/;

/** Settings of a sidecar on pods that have none. */
export const sidecarSettingInAmbient = workspaceCheck({
  facts: {
    code: 'sidecar-setting-in-ambient',
    severity: 'info',
    what: 'A pod in ambient mode has annotations for a sidecar.',
    why: 'There is no sidecar that would read them: ports and addresses that they keep away from the proxy are captured by ztunnel all the same.',
    todo: 'Remove them after the migration, once there is no way back to sidecars.',
    source: 'istio.io/docs/ambient/migrate',
  },
  kinds: [...POD_MAKERS],
  run(located, scope) {
    const workload = workloadOf(located);
    if (
      !workload ||
      enrolmentOf(scope.world, workload).dataPlane !== 'ambient' ||
      !enrolmentOf(scope.world, workload).certain
    )
      return;
    for (const { key, value } of entriesOf(at(workload.metadata, 'annotations'))) {
      if (!LEFTOVER.test(key.text)) continue;
      const edit = removeEntry(located.document.text, value);
      scope.report(key, `\`${key.text}\` is for sidecars; this pod is in ambient mode and has none.`, {
        tag: 'unnecessary',
        fixes: edit ? [{ title: `Remove \`${key.text}\``, safe: true, edits: [edit] }] : [],
      });
    }
  },
});
