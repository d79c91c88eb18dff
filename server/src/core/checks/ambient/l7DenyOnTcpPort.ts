import { streamPortsOf } from '../../mesh/streamPorts.ts';
import { actionOf } from '../../mesh/ztunnelPolicy.ts';
import { deniesTcp } from '../../schema/istio/authorizationAction.ts';
import { items } from '../../yaml/access.ts';
import { workspaceCheck } from '../check.ts';

/** A DENY about HTTP where connections are not HTTP. */
export const l7DenyOnTcpPort = workspaceCheck({
  facts: {
    code: 'l7-deny-on-tcp-port',
    severity: 'error',
    what: 'A DENY rule looks only at HTTP attributes and names no port, and what it stands before has a port that is not HTTP.',
    why: 'A plain TCP connection has no HTTP attributes. Sidecars, gateways and waypoints then leave them out of the rule, and what is left of it denies every connection to that port.',
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
    const ports = streamPortsOf(scope.world, scope.meshConfig.rootNamespace, located);
    if (!ports) {
      for (const rule of rules)
        scope.report(
          rule,
          'This DENY rule looks only at HTTP attributes. A plain TCP connection has none, so sidecars deny every such connection; name the HTTP ports in `to.operation.ports`.',
          { severity: 'warning' },
        );
      return;
    }
    const [found] = ports;
    if (!found) return;
    const { kind } = found.located.resource;
    for (const rule of rules) {
      scope.report(
        rule,
        `Port ${found.port} of ${kind} \`${found.located.name}\` is ${found.protocol}, where there are no HTTP attributes: nothing else is left of this rule, so it denies every connection to it. Name the HTTP ports in \`to.operation.ports\`.`,
        { related: [{ site: { located: found.located, node: found.node }, message: 'A port that is not HTTP' }] },
      );
    }
  },
});
