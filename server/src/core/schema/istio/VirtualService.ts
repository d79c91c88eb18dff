import { field, list, object, string } from '../define.ts';
import { kind } from '../kind.ts';
import { exportTo } from './exportTo.ts';
import { httpRoute } from './httpRoute.ts';
import { specNeeded } from './specNeeded.ts';
import { sniWithinHosts, tcpRoute, tlsRoute } from './virtualServiceConnections.ts';
import { gateways } from './virtualServiceGateways.ts';
import { virtualServiceRules } from './virtualServiceHosts.ts';
import { effectiveMatches, reachableRules } from './virtualServiceReach.ts';

export const virtualService = kind({
  project: 'istio',
  group: 'networking.istio.io',
  kind: 'VirtualService',
  plural: 'virtualservices',
  shortNames: ['vs'],
  scope: 'Namespaced',
  doc: 'Says where requests for its **hosts** go: by path, header or client, divided by weight, with retries, timeouts, redirects and faults. Sidecars of clients and gateways apply it. In ambient a waypoint applies it when it lies in the namespace of the service or of the waypoint; a ztunnel never does. Do not mix it with an HTTPRoute for the same service.',
  reference: 'https://istio.io/latest/docs/reference/config/networking/virtual-service/',
  readBy: ['sidecar', 'waypoint', 'gateway'],
  versions: {
    v1: { served: true, storage: true, since: '1.22' },
    v1beta1: { served: true },
    v1alpha3: { served: true },
  },
  spec: () =>
    object(
      {
        hosts: field(
          list(string()),
          'Names that clients ask for: services, hosts of ServiceEntries, or names at gateways; wildcards only in front. A short name is completed with the namespace **of this resource**. Without hosts the resource is a delegate, which others name.',
        ),
        gateways: field(
          gateways(),
          'Which proxies take the rules: Gateways as `namespace/name`, and `mesh` for the proxies of workloads. Naming only Gateways leaves traffic inside the mesh alone; waypoints want `mesh`.',
          { default: 'mesh' },
        ),
        http: field(
          list(httpRoute()),
          'Rules for HTTP, HTTP/2 and gRPC, tried from top to bottom; the first match wins. When none matches, the answer is 404.',
          { l7: true },
        ),
        tls: field(
          list(tlsRoute()),
          'Rules for TLS connections that are passed on unopened, by the name in the handshake (SNI).',
        ),
        tcp: field(list(tcpRoute()), 'Rules for connections on ports that are neither HTTP nor TLS.'),
        exportTo: field(
          exportTo(),
          'The namespaces whose proxies see the resource: `.` for its own, `*` for all, or names.',
          { default: '*' },
        ),
      },
      { rules: [...virtualServiceRules, sniWithinHosts, reachableRules, effectiveMatches] },
    ),
  rules: [specNeeded],
});
