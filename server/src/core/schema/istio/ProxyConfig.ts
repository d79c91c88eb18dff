import { field, fragment, int, map, object, string } from '../define.ts';
import { kind } from '../kind.ts';
import { workloadSelector } from './selector.ts';

const image = fragment(() =>
  object({
    imageType: field(
      string(),
      'The flavor of the proxy image, appended to its tag: `default`, `debug` (with a shell) or `distroless` (nothing but the proxy), when the registry has it.',
    ),
  }),
);

export const proxyConfig = kind({
  project: 'istio',
  group: 'networking.istio.io',
  kind: 'ProxyConfig',
  plural: 'proxyconfigs',
  shortNames: [],
  scope: 'Namespaced',
  doc: 'Sets start-up options of proxies for the whole mesh (root namespace), a namespace, or the pods of a selector. They are read when a proxy is **injected and started**: restart the pods after a change. Values of the annotation `proxy.istio.io/config` on a pod win. ztunnel does not read it.',
  reference: 'https://istio.io/latest/docs/reference/config/networking/proxy-config/',
  readBy: ['sidecar', 'gateway', 'waypoint'],
  versions: { v1beta1: { served: true, storage: true } },
  spec: () =>
    object({
      selector: field(
        workloadSelector(),
        'The pods whose proxies are configured; all of the namespace when absent. Not to be set in the root namespace, where the resource is for the mesh.',
      ),
      concurrency: field(
        int({ min: 0 }),
        'How many worker threads the proxy runs. 0 means one per CPU of the **node**, whatever the limit of the container. When absent, the CPU limit or request of the container decides.',
      ),
      environmentVariables: field(
        map(string({ max: 2048 })),
        'Environment variables of the proxy container. Those named `ISTIO_META_…`, such as `ISTIO_META_DNS_CAPTURE`, become metadata of the proxy that istiod reads.',
      ),
      image: field(image(), 'Which image the proxy runs, within what the injection template offers.'),
    }),
});
