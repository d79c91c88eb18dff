import { enrolmentOf } from '../../mesh/enrolment.ts';
import { serviceMtls } from '../../mesh/serviceMtls.ts';
import { serviceOfHost } from '../../model/hosts.ts';
import { describeLocated } from '../../model/located.ts';
import { type Service, type Workload, workloadOf } from '../../model/workloads.ts';
import { at, items, text } from '../../yaml/access.ts';
import type { YamlNode } from '../../yaml/tree.ts';
import { type Scope, workspaceCheck } from '../check.ts';

/** A pod outside of the mesh that is told to call servers which take mTLS only. */
export const unmeshedCallerOfStrict = workspaceCheck({
  facts: {
    code: 'unmeshed-caller-of-strict',
    severity: 'warning',
    what: 'A workload outside of the mesh has the address of a Service whose pods take mTLS only.',
    why: 'Without a proxy it sends plaintext, and `STRICT` refuses the connection. Jobs and namespaces without a label are what is forgotten most.',
    todo: 'Take the caller into the mesh, or set `PERMISSIVE` for this port in `portLevelMtls` of a PeerAuthentication that selects the servers.',
    source: 'istio/istio#51482',
  },
  kinds: ['apps/Deployment', 'apps/StatefulSet', 'apps/DaemonSet', 'batch/Job', 'batch/CronJob', '/Pod'],
  run(located, scope) {
    const workload = workloadOf(located);
    const enrolment = workload && enrolmentOf(scope.world, workload);
    if (!workload || enrolment?.dataPlane !== 'none' || !enrolment.certain) return;
    const told = new Set<Service>();
    for (const node of settingsOf(workload)) {
      const service = calledService(text(node) ?? '', workload, scope);
      const policy = service && !told.has(service) ? requirementOf(service, scope) : undefined;
      if (!service || !policy) continue;
      told.add(service);
      scope.report(
        node,
        `Service \`${service.namespace}/${service.name}\` takes mTLS only, by ${describeLocated(policy)}. These pods are outside of the mesh and send plaintext.`,
        {
          related: [
            {
              site: { located: policy, node: at(policy.root, 'spec', 'mtls', 'mode') ?? policy.root },
              message: 'requires mTLS',
            },
          ],
        },
      );
    }
  },
});

/** Where addresses are written: the environment and the arguments of containers. */
function settingsOf({ spec }: Workload): YamlNode[] {
  return items(spec, 'containers').flatMap((container) => [
    ...items(container, 'env').flatMap((variable) => at(variable, 'value') ?? []),
    ...items(container, 'args'),
    ...items(container, 'command'),
  ]);
}

/** A host behind a scheme, or a whole value that is a host with its namespace and perhaps a port. */
const ADDRESS = /(?:^|[a-z]:\/\/)([a-z0-9-]+(?:\.[a-z0-9-]+(?:\.svc(?:\.[a-z0-9.-]+)?)?)?)(?::\d+)?(?:\/|$)/;

function calledService(value: string, workload: Workload, { world }: Scope): Service | undefined {
  const host = ADDRESS.exec(value.toLowerCase())?.[1];
  // A single word may be anything unless a scheme makes it a host.
  if (host === undefined || !(host.includes('.') || value.includes('://'))) return undefined;
  const named = serviceOfHost(host, workload.namespace);
  return named && world.service(named.namespace, named.name);
}

/** The policy that makes every pod of a Service strict. */
function requirementOf(service: Service, { world, meshConfig }: Scope) {
  const endpoints = world.endpointsOf(service).map((workload) => enrolmentOf(world, workload));
  const meshed = endpoints.every(({ dataPlane, certain }) => certain && ['sidecar', 'ambient'].includes(dataPlane));
  if (endpoints.length === 0 || !meshed) return undefined;
  const asked = serviceMtls(world, meshConfig.rootNamespace, service);
  return asked?.mode === 'STRICT' ? asked.decidedBy : undefined;
}
