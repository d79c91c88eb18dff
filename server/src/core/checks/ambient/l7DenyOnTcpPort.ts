import { enrolmentOf } from '../../mesh/enrolment.ts';
import { selectionOf } from '../../mesh/selection.ts';
import { targetsOf } from '../../mesh/targets.ts';
import { addresseeBinding } from '../../mesh/waypoints.ts';
import { actionOf, hasTargetRefs } from '../../mesh/ztunnelPolicy.ts';
import type { Located } from '../../model/located.ts';
import { protocolOf } from '../../model/protocols.ts';
import type { Service, ServicePort } from '../../model/workloads.ts';
import { deniesTcp } from '../../schema/istio/authorizationAction.ts';
import { items } from '../../yaml/access.ts';
import { type Scope, workspaceCheck } from '../check.ts';

/** A DENY about HTTP where connections are not HTTP. */
export const l7DenyOnTcpPort = workspaceCheck({
  facts: {
    code: 'l7-deny-on-tcp-port',
    severity: 'error',
    what: 'A DENY rule looks only at HTTP attributes and names no port, and the workload has a port that is not HTTP.',
    why: 'A plain TCP connection has no HTTP attributes. Sidecars and waypoints then leave them out of the rule, and what is left of it denies every connection to that port.',
    todo: 'Name the HTTP ports in `to.operation.ports`.',
    // The webhook of istiod warns of such rules, whatever the ports.
    peers: ['IST0133'],
    source: 'istio/istio@1.30.3:pilot/pkg/security/authz/model/model.go',
  },
  kinds: ['security.istio.io/AuthorizationPolicy'],
  run(located, scope) {
    if (actionOf(located.root) !== 'DENY') return;
    const rules = items(located.root, 'spec', 'rules').filter(deniesTcp);
    if (rules.length === 0) return;
    if (isUnknown(located, scope)) {
      for (const rule of rules)
        scope.report(
          rule,
          'This DENY rule looks only at HTTP attributes. A plain TCP connection has none, so sidecars deny every such connection; name the HTTP ports in `to.operation.ports`.',
          { severity: 'warning' },
        );
      return;
    }
    const found = tcpPorts(located, scope)[0];
    if (!found) return;
    const { service, port } = found;
    for (const rule of rules) {
      scope.report(
        rule,
        `Port ${port.port} of Service \`${service.name}\` is ${(protocolOf(port) ?? 'tcp').toUpperCase()}, where there are no HTTP attributes: nothing else is left of this rule, so it denies every connection to it. Name the HTTP ports in \`to.operation.ports\`.`,
        { related: [{ site: { located: service.located, node: port.node }, message: 'A port that is not HTTP' }] },
      );
    }
  },
});

/** Whether the workspace does not say whom the policy selects, so that any port may be one of TCP. */
function isUnknown(policy: Located, { world, settings }: Scope): boolean {
  if (hasTargetRefs(policy.root)) return false;
  const { workloads, reachesZtunnel } = selectionOf(world, settings.rootNamespace, policy);
  return workloads.length === 0 && !reachesZtunnel;
}

/** What Envoy treats as a stream of bytes; a port of which nothing is said is looked into first. */
const STREAMS = new Set(['tcp', 'tls', 'https', 'mongo', 'mysql', 'redis']);

function tcpPorts(policy: Located, scope: Scope): { service: Service; port: ServicePort }[] {
  return servicesOf(policy, scope).flatMap((service) =>
    service.ports.filter((port) => STREAMS.has(protocolOf(port) ?? '')).map((port) => ({ service, port })),
  );
}

/** The Services before whose pods an Envoy enforces the policy; ztunnel reads such a rule in its own way. */
function servicesOf(policy: Located, { world, settings }: Scope): Service[] {
  if (hasTargetRefs(policy.root)) {
    return targetsOf(policy.root).flatMap(({ key, name }) => {
      const service = key === '/Service' ? world.service(policy.namespace, name) : undefined;
      return service && addresseeBinding(world, service.located).state === 'bound' ? [service] : [];
    });
  }
  const enforcing = selectionOf(world, settings.rootNamespace, policy).workloads.filter(
    (workload) => enrolmentOf(world, workload).dataPlane === 'sidecar',
  );
  return [...new Set(enforcing.flatMap((workload) => world.servicesOf(workload)))];
}
