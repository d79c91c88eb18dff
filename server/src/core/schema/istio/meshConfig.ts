import { bool, choice, field, fragment, int, list, map, object, openObject, string } from '../define.ts';
import { duration } from '../formats.ts';
import { accessLogFields } from './meshConfigAccessLog.ts';
import { defaultProviders, extensionProviders } from './meshConfigProviders.ts';
import { proxyDefaults } from './meshConfigProxy.ts';
import { tlsFields } from './meshConfigTls.ts';
import { trafficFields } from './meshConfigTraffic.ts';

/** Settings of the whole mesh. Open, because releases add settings that few people use. */

const discoverySelector = fragment(() =>
  object({
    matchLabels: field(map(string()), 'Labels that a namespace must have, all of them.'),
    matchExpressions: field(
      list(
        object({
          key: field(string(), 'The label of the namespace that is looked at.'),
          operator: field(
            choice({
              In: 'The label has one of the values.',
              NotIn: 'The label has none of the values, or is absent.',
              Exists: 'The namespace carries the label, with whatever value.',
              DoesNotExist: 'The namespace does not carry the label.',
            }),
            'How the label is compared.',
          ),
          values: field(list(string()), 'What the label is compared with; empty for `Exists` and `DoesNotExist`.'),
        }),
      ),
      'Conditions on labels, all of which must hold.',
    ),
  }),
);

const serviceSetting = fragment(() =>
  openObject({
    settings: field(
      openObject({
        clusterLocal: field(
          bool(),
          'Whether requests stay within the cluster of the client, although the same Service exists in others.',
          { default: false },
        ),
      }),
      'What holds for these hosts.',
    ),
    hosts: field(list(string()), 'Services by their full name; `*.ns.svc.cluster.local` means a whole namespace.'),
  }),
);

export const meshConfig = fragment(() =>
  openObject({
    ...accessLogFields(),
    ...trafficFields(),
    ...tlsFields(),
    defaultConfig: field(
      proxyDefaults(),
      'How sidecars and gateways run, unless an annotation on the pod or a ProxyConfig says otherwise. Takes effect when pods restart.',
      { readBy: ['sidecar', 'gateway', 'waypoint'] },
    ),
    extensionProviders: field(
      extensionProviders(),
      'Services that proxies work with, each under a name: external authorizers, collectors of traces, sinks of logs. Policies and Telemetries refer to the names.',
    ),
    defaultProviders: field(defaultProviders(), 'The providers that hold when no Telemetry names any.'),
    rootNamespace: field(string({ max: 63 }), 'The namespace whose policies hold for the whole mesh.', {
      default: 'the namespace of istiod, `istio-system`',
    }),
    discoverySelectors: field(
      list(discoverySelector()),
      'The namespaces that istiod looks at; one selector must match. Services elsewhere do not exist for the mesh, and policies there are ignored.',
      { default: 'all namespaces' },
    ),
    serviceSettings: field(list(serviceSetting()), 'Settings of single Services in meshes of several clusters.'),
    defaultServiceExportTo: field(
      list(string()),
      'Who sees a Service that says nothing itself: `*` everybody, `.` its own namespace.',
      { default: '["*"]' },
    ),
    defaultVirtualServiceExportTo: field(
      list(string()),
      'Who uses a VirtualService that has no `exportTo`: `*` everybody, `.` its own namespace.',
      { default: '["*"]' },
    ),
    defaultDestinationRuleExportTo: field(
      list(string()),
      'Who uses a DestinationRule that has no `exportTo`: `*` everybody, `.` its own namespace.',
      { default: '["*"]' },
    ),
    enableTracing: field(bool(), 'Whether proxies send spans at all.', { default: true }),
    enablePrometheusMerge: field(
      bool(),
      'Whether the metrics of the application are served together with those of the proxy, and pods get the annotations for scraping. Breaks applications that want mutual TLS for scraping.',
      { default: true },
    ),
    ingressControllerMode: field(
      choice({
        UNSPECIFIED: 'Not a mode to choose: Ingress resources are then not served.',
        OFF: 'Ingress resources are not served by Istio.',
        DEFAULT: 'Ingress resources without a class are served, beside those of the class of Istio.',
        STRICT: 'Only Ingress resources of the class in `ingressClass` are served.',
      }),
      'Which resources of the kind Ingress istiod turns into routes.',
      { default: 'STRICT' },
    ),
    ingressClass: field(string(), 'The value of `kubernetes.io/ingress.class` that means Istio.', { default: 'istio' }),
    ingressService: field(
      string(),
      'The Service of the gateway that serves Ingress resources; its address becomes their status.',
      { default: 'istio-ingressgateway' },
    ),
    ingressSelector: field(string(), 'The value of the label `istio` on the gateway that serves Ingress resources.', {
      default: 'ingressgateway',
    }),
    proxyListenPort: field(int({ min: 1, max: 65535 }), 'The port that outbound traffic of a pod is redirected to.', {
      default: 15001,
    }),
    proxyInboundListenPort: field(
      int({ min: 1, max: 65535 }),
      'The port that inbound traffic of a pod is redirected to.',
      { default: 15006 },
    ),
    proxyHttpPort: field(
      int({ min: 0, max: 65535 }),
      'A port at which sidecars serve as an explicit HTTP proxy; 0 switches it off.',
      { default: 0 },
    ),
    dnsRefreshRate: field(
      string({ rules: [duration()] }),
      'How often names of ServiceEntries with DNS resolution are looked up, when the answer does not say it.',
      { default: '60s' },
    ),
  }),
);
