import { keysOfMesh, type MetadataKey } from './metadataKey.ts';
import { integer, namespaceName, oneOf, resourceName, textLike } from './metadataValues.ts';

/** How workloads join an Istio mesh, and through which waypoints their traffic goes. */

const { label, annotation } = keysOfMesh('istio');
const WAYPOINT_USERS = ['Namespace', 'Service', 'ServiceEntry', 'Pod', 'WorkloadEntry'];
const CANARY_USERS = ['Service', 'ServiceEntry', 'Namespace'];
const REVISION = textLike('the name of a revision or revision tag', /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?$/);
const WAYPOINT = {
  ...resourceName,
  takes: 'the name of a Gateway, or `none`',
  values: new Map([['none', { doc: 'Uses no waypoint, also when the namespace names one.' }]]),
};

export const ISTIO_ENROLLMENT: readonly MetadataKey[] = [
  label(
    'istio-injection',
    ['Namespace'],
    oneOf({
      enabled: 'Gives each new pod a sidecar of the default revision, unless the pod says no.',
      disabled: 'Gives no pod a sidecar, not even one that asks for it by label.',
    }),
    'Whether new pods of the namespace get a **sidecar**. It wins over `istio.io/rev`. Every other value, `true` among them, means no.',
    {
      strict: true,
    },
  ),
  label(
    'istio.io/rev',
    ['Namespace', 'Gateway', 'Pod'],
    REVISION,
    'Which **revision** of the control plane, or which tag, is in charge: of injection for a namespace or pod, of the proxies for a Gateway. On a namespace it is not read when `istio-injection` is set.',
    {
      default: 'the default revision',
      harmlessElsewhere: true,
    },
  ),
  label(
    'sidecar.istio.io/inject',
    ['Pod'],
    oneOf({
      true: 'Gives the pod a sidecar, in a namespace without injection labels too.',
      false: 'Gives the pod no sidecar, whatever its namespace says.',
    }),
    'Whether this **pod** gets a sidecar. A label of the pod template, read when the pod is created; on a namespace it does nothing.',
    {
      default: 'what the namespace says',
    },
  ),
  label(
    'istio.io/dataplane-mode',
    ['Pod', 'Namespace'],
    oneOf({
      ambient: 'The pods join the mesh through ztunnel, without a restart, unless they have a sidecar.',
      none: 'The pods stay out of ambient mode. On a pod it wins over its namespace.',
    }),
    'Whether pods are in the mesh in **ambient mode**. There is no value for sidecars: those are asked for by `istio-injection`, and a pod that has one does not join ambient mode.',
    {
      strict: true,
    },
  ),
  label(
    'istio.io/use-waypoint',
    WAYPOINT_USERS,
    WAYPOINT,
    'Sends traffic for the object through this **waypoint**, a Gateway of class `istio-waypoint` in the same namespace. On a namespace it holds for everything in it that does not name its own. A name without such a Gateway sends traffic past every waypoint, and L7 policies with it.',
    {
      strict: true,
      default: 'the waypoint of the namespace, if any',
    },
  ),
  label(
    'istio.io/use-waypoint-namespace',
    WAYPOINT_USERS,
    namespaceName,
    'The namespace of the waypoint that `istio.io/use-waypoint` on the **same** object names. The waypoint must admit it with `allowedRoutes`.',
    {
      default: 'the namespace of the object',
    },
  ),
  label(
    'istio.io/use-waypoint-canary',
    CANARY_USERS,
    resourceName,
    'A second waypoint that gets a share of the connections, for moving from one waypoint to another. The annotation `istio.io/use-waypoint-canary-weight` says how large a share.',
    { since: '1.31' },
  ),
  label(
    'istio.io/use-waypoint-canary-namespace',
    CANARY_USERS,
    namespaceName,
    'The namespace of the waypoint that `istio.io/use-waypoint-canary` names.',
    { since: '1.31', default: 'the namespace of the object' },
  ),
  annotation(
    'istio.io/use-waypoint-canary-weight',
    CANARY_USERS,
    integer(0, 100),
    'How many of 100 **connections** take the canary waypoint; the rest takes the other one. Inside the mesh a connection stays where it began, so the share of requests may differ.',
    {
      since: '1.31',
      default: '0',
    },
  ),
  label(
    'istio.io/ingress-use-waypoint',
    ['Service', 'ServiceEntry', 'Namespace'],
    {
      ...oneOf(
        {
          true: 'Ingress gateways send requests through the waypoint.',
          false: 'Ingress gateways go straight to the pods.',
        },
        { ignoreCase: true },
      ),
    },
    'Whether **ingress gateways** go through the waypoint too. Without it they send traffic straight to the pods, past the L7 policies of the waypoint. Needs `istio.io/use-waypoint`.',
    {
      default: 'false',
    },
  ),
  label(
    'istio.io/waypoint-for',
    ['Gateway', 'GatewayClass'],
    oneOf({
      service: 'Handles traffic that is addressed to services.',
      workload: 'Handles traffic that is addressed to pods or virtual machines directly.',
      all: 'Handles both.',
      none: 'Handles nothing; for trying out.',
    }),
    'Which traffic the waypoint handles. Traffic to a service goes past a waypoint that is only for workloads, and the reverse.',
    {
      default: 'service',
      strict: true,
    },
  ),
];
