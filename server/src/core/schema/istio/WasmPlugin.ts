import { choice, field, int, object } from '../define.ts';
import { kind } from '../kind.ts';
import { workloadSelector } from './selector.ts';
import { oneWayOfTargeting, targetFields } from './targetRef.ts';
import { FILTER_PHASES, LAST_PHASE, moduleFields, trafficMatch } from './wasm.ts';

export const wasmPlugin = kind({
  project: 'istio',
  group: 'extensions.istio.io',
  kind: 'WasmPlugin',
  plural: 'wasmplugins',
  shortNames: [],
  scope: 'Namespaced',
  doc: 'Puts a WebAssembly module into the filters of proxies. Without selector and targets it holds for its namespace, in the root namespace for the mesh. ztunnel has no filters and never reads it; a waypoint reads those attached to it by `targetRefs`.',
  reference: 'https://istio.io/latest/docs/reference/config/proxy_extensions/wasm-plugin/',
  readBy: ['waypoint', 'sidecar', 'gateway'],
  versions: { v1alpha1: { served: true, storage: true } },
  specRequired: true,
  spec: () =>
    object(
      {
        selector: field(
          workloadSelector(),
          'The workloads whose sidecar or gateway loads the module. Waypoints ignore plug-ins with a selector.',
          { default: 'all workloads of the namespace', readBy: ['sidecar', 'gateway'] },
        ),
        ...targetFields(),
        ...moduleFields(),
        phase: field(
          choice({ UNSPECIFIED_PHASE: LAST_PHASE, ...FILTER_PHASES }),
          'Where in the chain of filters the module stands.',
          {
            default: 'UNSPECIFIED_PHASE',
          },
        ),
        priority: field(
          int(),
          'Order among the plug-ins of one phase: a higher number comes first. Equal ones are ordered by namespace and name.',
          { default: 0 },
        ),
        match: field(trafficMatch(), 'The traffic that the module sees: that which fits any of the items.', {
          default: 'all traffic',
        }),
      },
      { rules: [oneWayOfTargeting()] },
    ),
});
