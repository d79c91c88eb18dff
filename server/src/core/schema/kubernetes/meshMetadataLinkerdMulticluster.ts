import { keysOfMesh, type MetadataKey } from './metadataKey.ts';
import { anyText, integer, names, oneOf, resourceName, textLike } from './metadataValues.ts';

/** What the multicluster extension of Linkerd reads and writes. */

const { label, annotation } = keysOfMesh('linkerd');
const MIRRORED = ['Service', 'Namespace', 'Endpoints', 'EndpointSlice'];

export const LINKERD_MULTICLUSTER: readonly MetadataKey[] = [
  label(
    'mirror.linkerd.io/exported',
    ['Service'],
    oneOf({
      true: 'Other clusters reach the service through the gateway of this one.',
      'remote-discovery': 'Other clusters reach the pods directly, in a flat network.',
    }),
    'Offers the service to linked clusters. A **label**, because Links select services by it; the values are those that a Link selects by default.',
  ),
  label(
    'mirror.linkerd.io/federated',
    ['Service'],
    oneOf({ member: 'Joins the federated service of the same name.' }),
    'Joins the services of the same name and namespace of all linked clusters to one. A **label**.',
  ),
  annotation(
    'multicluster.linkerd.io/local-discovery',
    ['Service'],
    resourceName,
    'The local service that a federated service has among its members.',
    { setByMesh: true },
  ),
  annotation(
    'multicluster.linkerd.io/remote-discovery',
    ['Service'],
    names,
    'The remote members of a federated service, as `service@cluster`.',
    { setByMesh: true },
  ),
  label(
    'multicluster.linkerd.io/remote-discovery',
    ['Service'],
    anyText,
    'The cluster in which the endpoints of a mirrored service are looked up.',
    { setByMesh: true },
  ),
  label(
    'multicluster.linkerd.io/remote-service',
    ['Service'],
    anyText,
    'The name of the service in the other cluster.',
    { setByMesh: true },
  ),
  label(
    'multicluster.linkerd.io/cluster-name',
    ['Secret'],
    anyText,
    'The linked cluster for which a Secret holds credentials.',
  ),
  annotation('multicluster.linkerd.io/trust-domain', ['Secret'], anyText, 'The trust domain of the linked cluster.'),
  annotation('multicluster.linkerd.io/cluster-domain', ['Secret'], anyText, 'The DNS domain of the linked cluster.'),
  annotation(
    'mirror.linkerd.io/multicluster-gateway',
    ['Service'],
    oneOf({ true: 'The Service is the gateway.' }),
    'Marks the Service of the multicluster gateway.',
  ),
  annotation(
    'mirror.linkerd.io/gateway-identity',
    ['Service'],
    textLike('a mesh identity', /^\S+$/),
    'The mesh identity of the gateway, which linked clusters ask for.',
  ),
  annotation(
    'mirror.linkerd.io/probe-path',
    ['Service'],
    textLike('a path that begins with a slash', /^\//),
    'The path on the gateway by which linked clusters check its health.',
  ),
  annotation(
    'mirror.linkerd.io/probe-period',
    ['Service'],
    integer(0, Number.MAX_SAFE_INTEGER),
    'Seconds between two checks of the gateway by linked clusters.',
  ),
  annotation(
    'mirror.linkerd.io/probe-failure-threshold',
    ['Service'],
    integer(0, Number.MAX_SAFE_INTEGER),
    'How many checks in a row must fail until linked clusters give the gateway up.',
  ),
  annotation('mirror.linkerd.io/probe-timeout', ['Service'], anyText, 'How long a check of the gateway may take.'),
  label(
    'mirror.linkerd.io/mirrored-service',
    MIRRORED,
    anyText,
    'Marks what the service mirror copied from another cluster.',
    { setByMesh: true },
  ),
  label(
    'mirror.linkerd.io/mirrored-gateway',
    MIRRORED,
    anyText,
    'Marks the Service that stands for the gateway of another cluster.',
    { setByMesh: true },
  ),
  label(
    'mirror.linkerd.io/headless-mirror-svc-name',
    MIRRORED,
    anyText,
    'The headless mirror that a Service for one of its pods belongs to.',
    { setByMesh: true },
  ),
  label('mirror.linkerd.io/cluster-name', MIRRORED, anyText, 'The cluster that a mirrored service comes from.', {
    setByMesh: true,
  }),
  annotation(
    'mirror.linkerd.io/remote-resource-version',
    ['Service'],
    anyText,
    'The version of the remote service that was copied last.',
    { setByMesh: true },
  ),
  annotation(
    'mirror.linkerd.io/remote-svc-fq-name',
    ['Service'],
    anyText,
    'The full name of the service in its own cluster.',
    { setByMesh: true },
  ),
  annotation(
    'mirror.linkerd.io/remote-gateway-identity',
    ['Service'],
    anyText,
    'The mesh identity of the gateway through which a mirrored service is reached.',
    { setByMesh: true },
  ),
];
