import { authorizationsOf, isDryRun, selectionOf } from '../../mesh/selection.ts';
import { hasTargetRefs } from '../../mesh/ztunnelPolicy.ts';
import type { Located } from '../../model/located.ts';
import { at, items, text } from '../../yaml/access.ts';
import { workspaceCheck } from '../check.ts';

/** Everything denied, and a Service forgotten when its callers were to be allowed. */
export const nothingAllowed = workspaceCheck({
  facts: {
    code: 'nothing-allowed',
    severity: 'warning',
    what: 'A policy denies all that no other policy allows, and for the pods of a Service no other policy allows anything.',
    why: 'The Service answers nobody: every request is denied.',
    todo: 'Add an AuthorizationPolicy that allows the callers of the Service, or remove the Service if it has none.',
    source: 'istio.io: security best practices, default-deny patterns',
  },
  kinds: ['security.istio.io/AuthorizationPolicy'],
  run(located, scope) {
    const { world, settings, meshConfig } = scope;
    // Elsewhere the policies that allow may stand in the repositories of the applications.
    if (!settings.closedWorld || !deniesAll(located)) return;
    const name = at(located.root, 'metadata', 'name');
    const { rootNamespace } = meshConfig;
    const closed = selectionOf(world, rootNamespace, located)
      .workloads.filter((workload) => !authorizationsOf(world, rootNamespace, workload.located).some(allowsSomething))
      .flatMap((workload) => world.servicesOf(workload));
    const services = [...new Map(closed.map((service) => [service.located, service])).values()];
    const [first] = services;
    if (!first || !name) return;
    const more = services.length > 1 ? ` and ${services.length - 1} more` : '';
    scope.report(
      name,
      `No policy allows a request to Service \`${first.namespace}/${first.name}\`${more}: all are denied.`,
      {
        related: services.slice(0, 5).map((service) => ({
          site: { located: service.located, node: service.located.root },
          message: 'answers nobody',
        })),
      },
    );
  },
});

/** An ALLOW without rules matches nothing, which denies all that other policies do not allow. */
function deniesAll(policy: Located): boolean {
  return isAllow(policy) && items(policy.root, 'spec', 'rules').length === 0;
}

function allowsSomething(policy: Located): boolean {
  // What an external authorizer decides is not in these files.
  if (text(policy.root, 'spec', 'action') === 'CUSTOM') return true;
  return isAllow(policy) && items(policy.root, 'spec', 'rules').length > 0;
}

function isAllow(policy: Located): boolean {
  const action = text(policy.root, 'spec', 'action');
  const allows = action === 'ALLOW' || !at(policy.root, 'spec', 'action');
  return allows && !hasTargetRefs(policy.root) && !isDryRun(policy);
}
