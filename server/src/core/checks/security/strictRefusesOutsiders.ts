import { enrolmentOf } from '../../mesh/enrolment.ts';
import { type ServerMtls, serverMtls } from '../../mesh/mutualTls.ts';
import { describeLocated, type Located } from '../../model/located.ts';
import type { Service, Workload } from '../../model/workloads.ts';
import { at, text } from '../../yaml/access.ts';
import type { YamlNode } from '../../yaml/tree.ts';
import { type Scope, workspaceCheck } from '../check.ts';

const OUTSIDE = new Set(['LoadBalancer', 'NodePort']);

/** Doors for callers from outside of the mesh, to servers that take mTLS only. */
export const strictRefusesOutsiders = workspaceCheck({
  facts: {
    code: 'strict-refuses-outsiders',
    severity: 'warning',
    what: 'A Service is open to callers outside of the mesh, and its pods take mTLS only.',
    why: 'Callers from outside have no certificate of the mesh. `STRICT` refuses their connections before any policy is read.',
    todo: 'Let them in through a gateway, or set `PERMISSIVE` for this port in `portLevelMtls` of a PeerAuthentication that selects the pods.',
    source: 'istio/istio#51482',
  },
  kinds: ['/Service'],
  run(located, scope) {
    const type = at(located.root, 'spec', 'type');
    const service = OUTSIDE.has(text(type) ?? '') ? scope.world.service(located.namespace, located.name) : undefined;
    if (!type || !service || service.located !== located) return;
    for (const { port, targetPort, node } of service.ports) {
      const strict = strictBehind(service, targetPort, scope);
      if (!strict) continue;
      const { policy } = strict;
      scope.report(
        at(node, 'port') ?? node,
        `Callers from outside reach port ${port} by \`type: ${text(type)}\`, but ${describeLocated(policy)} lets these pods take mTLS only.`,
        { related: [{ site: { located: policy, node: modeNode(policy) }, message: 'requires mTLS' }] },
      );
    }
  },
});

/** The policy that makes every pod behind a port strict. */
function strictBehind(service: Service, target: number | string, scope: Scope): { policy: Located } | undefined {
  const { rootNamespace } = scope.meshConfig;
  const workloads = scope.world.endpointsOf(service);
  const verdicts = workloads.map((workload) => {
    const { dataPlane } = enrolmentOf(scope.world, workload);
    const meshed = dataPlane === 'sidecar' || dataPlane === 'ambient';
    const port = portOf(workload, target);
    return meshed && !isLeftOut(workload, port) ? serverMtls(scope.world, rootNamespace, workload, port) : undefined;
  });
  const isStrict = (verdict: ServerMtls | undefined) => verdict?.mode === 'STRICT' && verdict.certain;
  const policy = verdicts[0]?.decidedBy;
  return policy && verdicts.every(isStrict) ? { policy } : undefined;
}

function portOf(workload: Workload, target: number | string): number | undefined {
  return typeof target === 'number' ? target : workload.ports.find(({ name }) => name === target)?.port;
}

const INCLUDE = 'traffic.sidecar.istio.io/includeInboundPorts';
const EXCLUDE = 'traffic.sidecar.istio.io/excludeInboundPorts';

/** True when annotations lead a port past the proxy. */
function isLeftOut({ annotations }: Workload, port: number | undefined): boolean {
  const listed = (key: string) => (annotations.get(key) ?? '').split(',').map((part) => part.trim());
  const included = annotations.get(INCLUDE);
  if (included !== undefined && included !== '*' && !listed(INCLUDE).includes(String(port))) return true;
  if (annotations.get('ambient.istio.io/bypass-inbound-capture') === 'true') return true;
  return listed(EXCLUDE).includes(String(port));
}

function modeNode(policy: Located): YamlNode {
  return at(policy.root, 'spec', 'mtls', 'mode') ?? policy.root;
}
