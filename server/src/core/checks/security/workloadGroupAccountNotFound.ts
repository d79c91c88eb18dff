import { asScalar, at, text } from '../../yaml/access.ts';
import { workspaceCheck } from '../check.ts';
import { slipOf } from '../slip.ts';

/** Machines that are to run as a ServiceAccount that does not exist. */
export const workloadGroupAccountNotFound = workspaceCheck({
  facts: {
    code: 'workload-group-account-not-found',
    severity: 'error',
    what: 'A WorkloadGroup names a ServiceAccount that its namespace does not have.',
    why: 'A machine joins the mesh with a token of that account. Without it no token is issued, so that none can join.',
    todo: 'Create the ServiceAccount, or correct the name.',
    peers: ['KIA1701'],
    source: 'kiali/kiali business/checkers/workloadgroups/service_account_checker.go',
  },
  kinds: ['networking.istio.io/WorkloadGroup'],
  run(located, scope) {
    const node = asScalar(at(located.root, 'spec', 'template', 'serviceAccount'));
    const name = text(node);
    // Every namespace has the account `default`.
    if (!node || name === undefined || name === '' || name === 'default') return;
    const accounts = scope.world.inNamespace('/ServiceAccount', located.namespace).map((account) => account.name);
    if (accounts.includes(name)) return;
    const { hint, fixes } = slipOf(node, name, accounts);
    scope.report(
      node,
      `Namespace \`${located.namespace}\` has no ServiceAccount \`${name}\` in this workspace, so no machine can join as it.${hint}`,
      {
        severity: scope.absence,
        fixes,
      },
    );
  },
});
