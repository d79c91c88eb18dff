import { choice, field, fragment, map, object, string } from '../define.ts';
import { re2 } from '../formats.ts';
import { atMostOneOf } from '../rules.ts';
import { filterNames, subFilterNames, waypointMatchContext } from './envoyFilterMatchRules.ts';
import { portNumber, uint32 } from './port.ts';

/** The match of an EnvoyFilter's patch: which of the objects that istiod generates for a proxy are changed. */

const context = fragment(() =>
  choice({
    ANY: 'Every object, in sidecars and gateways.',
    SIDECAR_INBOUND: 'Objects of sidecars for traffic to the own workload.',
    SIDECAR_OUTBOUND: 'Objects of sidecars for traffic from the own workload.',
    GATEWAY: 'Objects of gateways: ingress, egress and east-west proxies.',
    WAYPOINT: {
      doc: 'Objects of waypoint proxies. Needs the match `waypoint`, and `targetRefs` to reach a waypoint at all.',
      since: '1.29',
    },
  }),
);

function filterMatch() {
  const subFilter = object(
    {
      name: field(
        string(),
        'Name of the HTTP filter inside the connection manager, such as `envoy.filters.http.router`.',
      ),
    },
    { rules: [subFilterNames] },
  );
  return object(
    {
      name: field(
        string(),
        'Name of the network filter, such as `envoy.filters.network.http_connection_manager`. Required for the match to say anything.',
      ),
      subFilter: field(
        subFilter,
        'An HTTP filter inside of it. Only for `applyTo: HTTP_FILTER` within the HTTP connection manager.',
      ),
    },
    { rules: [filterNames] },
  );
}

const filterChain = fragment(() =>
  object({
    name: field(string(), 'Name of the filter chain, as in the configuration dump of the proxy.'),
    sni: field(string(), 'The SNI that the chain is for. Matches chains whose condition lists this name.'),
    transportProtocol: field(
      string(),
      'The transport that the chain is for, `tls` or `raw_buffer`. Only for sidecars with context `SIDECAR_INBOUND`.',
    ),
    applicationProtocols: field(
      string(),
      'The ALPN protocols that the chain is for, separated by commas, such as `istio,h2`. Only for sidecars.',
    ),
    destinationPort: field(uint32(), 'The port, before redirection, that a connection must be for to take this chain.'),
    filter: field(filterMatch(), 'A filter in the chain: what `INSERT_BEFORE` and its like relate to.'),
  }),
);

const listener = fragment(() =>
  object({
    portNumber: field(
      uint32(),
      'The port of the service or gateway for which the listener exists, not the port the proxy binds to.',
    ),
    portName: field(string(), 'Meant to match service ports by name, but istiod does not read it; use `portNumber`.'),
    filterChain: field(filterChain(), 'One filter chain of the listener; all of them when absent.'),
    listenerFilter: field(
      string(),
      'Name of a listener filter, such as `envoy.filters.listener.tls_inspector`. For `applyTo: LISTENER_FILTER`.',
    ),
    name: field(
      string(),
      'Name of the listener, such as `virtualInbound` or `0.0.0.0_9080`. Names are internal and change between releases.',
    ),
  }),
);

const vhost = fragment(() =>
  object({
    name: field(
      string(),
      'Name of the virtual host, mostly `host:port`, such as `reviews.prod.svc.cluster.local:9080`.',
    ),
    domainName: field(string(), 'One of the domains of the virtual host, for when its name is not known.', {
      since: '1.25',
    }),
    route: field(
      object({
        name: field(
          string(),
          'Name of the route: that of the VirtualService route, or `default` for a route that Istio made up.',
        ),
        action: field(
          choice({
            ANY: 'Whatever the route does.',
            ROUTE: 'Requests are forwarded to a cluster of endpoints.',
            REDIRECT: 'The route answers with a redirect.',
            DIRECT_RESPONSE: 'The route answers by itself, without a backend.',
          }),
          'What the route does with requests.',
          { default: 'ANY' },
        ),
      }),
      'One route of the virtual host; all of them when absent.',
    ),
  }),
);

const routeConfiguration = fragment(() =>
  object({
    portNumber: field(uint32(), 'The port of the service or gateway server that the route configuration is for.'),
    portName: field(string(), 'Name of the port of the gateway server. Only with context `GATEWAY`.'),
    gateway: field(
      string(),
      'The Gateway that the routes belong to, as `namespace/name`. Only with context `GATEWAY`.',
    ),
    vhost: field(vhost(), 'One virtual host of the route configuration; all of them when absent.'),
    name: field(
      string(),
      'Name of the route configuration, such as `http.8080` or `inbound|9080||`. Names are internal and change between releases.',
    ),
  }),
);

const cluster = fragment(() =>
  object({
    portNumber: field(uint32(), 'The service port that the cluster is for. For inbound clusters, the target port.'),
    service: field(
      string(),
      'Full name of the service that the cluster is for, such as `reviews.prod.svc.cluster.local`. For a ServiceEntry, its host. Not compared for inbound clusters.',
    ),
    subset: field(string(), 'The subset of a DestinationRule that the cluster is for.'),
    name: field(
      string(),
      'Exact name of the cluster, such as `outbound|9080||reviews.prod.svc.cluster.local`; then the other conditions are ignored.',
    ),
  }),
);

const waypoint = fragment(() =>
  object({
    filter: field(filterMatch(), 'The filter that a filter patch relates to.'),
    portNumber: field(portNumber(), 'The service port that the patched object is for.'),
    route: field(
      object({
        name: field(string(), 'Name of the route: that of the VirtualService or HTTPRoute rule, or `default`.'),
      }),
      'One route; all of them when absent.',
    ),
  }),
);

const proxy = fragment(() =>
  object({
    proxyVersion: field(
      string({ rules: [re2()] }),
      'Regular expression (RE2) on the Istio version of the proxy, such as `^1\\.30.*`. Keeps a patch away from proxies it was not written for.',
    ),
    metadata: field(
      map(string()),
      'Node metadata that the proxy must have, all of it, compared literally. Proxies of pods get it from `ISTIO_META_` variables.',
    ),
  }),
);

export const patchMatch = fragment(() =>
  object(
    {
      context: field(context(), 'Which proxies and direction the patch is for.', { default: 'ANY' }),
      proxy: field(proxy(), 'Conditions on the proxy itself.'),
      listener: field(
        listener(),
        'Which listeners, chains and filters. For `applyTo` `LISTENER`, `FILTER_CHAIN`, `NETWORK_FILTER`, `HTTP_FILTER` and `LISTENER_FILTER`.',
      ),
      routeConfiguration: field(
        routeConfiguration(),
        'Which routes. For `applyTo` `ROUTE_CONFIGURATION`, `VIRTUAL_HOST` and `HTTP_ROUTE`.',
      ),
      cluster: field(cluster(), 'Which clusters. For `applyTo: CLUSTER`; leave it out when a cluster is added.'),
      waypoint: field(waypoint(), 'Which objects of a waypoint. Only, and always, with context `WAYPOINT`.', {
        since: '1.29',
        readBy: ['waypoint'],
      }),
    },
    { rules: [atMostOneOf(['listener', 'routeConfiguration', 'cluster', 'waypoint']), waypointMatchContext] },
  ),
);
