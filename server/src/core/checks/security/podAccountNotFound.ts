import { isMeshed } from '../../mesh/meshNamespaces.ts';
import { POD_MAKERS } from '../../mesh/waypointLabels.ts';
import { workloadOf } from '../../model/workloads.ts';
import { asScalar, at, text } from '../../yaml/access.ts';
import { workspaceCheck } from '../check.ts';
import { slipOf } from '../slip.ts';

/** Pods of the mesh that are to run as a ServiceAccount that does not exist. */
export const podAccountNotFound = workspaceCheck({
  facts: {
    code: 'pod-account-not-found',
    severity: 'warning',
    what: 'Pods of a mesh name a ServiceAccount that their namespace does not have.',
    why: 'Kubernetes makes no pod whose account does not exist; and the account is the identity that policies of the mesh know the pods by.',
    todo: 'Create the ServiceAccount, or correct the name.',
    source: 'stackrox/kube-linter@35de568d:pkg/templates/nonexistentserviceaccount',
  },
  kinds: [...POD_MAKERS],
  run(located, { world, absence, report }) {
    const workload = workloadOf(located);
    const node = asScalar(at(workload?.spec, 'serviceAccountName') ?? at(workload?.spec, 'serviceAccount'));
    const name = text(node);
    // Every namespace has the account `default`.
    if (!workload || !node || name === undefined || name === '' || name === 'default') return;
    const accounts = world.inNamespace('/ServiceAccount', located.namespace).map((account) => account.name);
    // Where the workspace has no account of the namespace, accounts are kept elsewhere.
    if (accounts.length === 0 || accounts.includes(name) || !isMeshed(world, workload)) return;
    const { hint, fixes } = slipOf(node, name, accounts);
    report(
      node,
      `Namespace \`${located.namespace}\` has no ServiceAccount \`${name}\` in this workspace, so no pod is made.${hint}`,
      {
        severity: absence === 'error' ? 'warning' : absence,
        fixes,
      },
    );
  },
});
