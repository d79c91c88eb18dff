import { choice, field, int, object, required, string } from '../define.ts';
import { kind } from '../kind.ts';
import type { CheckFacts } from '../rule.ts';
import { exactlyOneOf } from '../rules.ts';
import { workloadSelector } from './selector.ts';
import { oneWayOfTargeting, targetRefsField } from './targetRef.ts';
import { FILTER_PHASES, LAST_PHASE, moduleFields, trafficMatch } from './wasm.ts';

const ONE_EXTENSION: CheckFacts = {
  code: 'traffic-extension-one-of',
  severity: 'error',
  what: 'A TrafficExtension with both `wasm` and `lua`, or with neither.',
  why: 'The API server refuses the resource: it stands for exactly one filter.',
  todo: 'Set `wasm` or `lua`. Use two resources for two filters.',
  peers: ['CRD-CEL'],
  source: 'istio/api CRD TrafficExtension, CEL rule on .spec',
};

export const trafficExtension = kind({
  project: 'istio',
  group: 'extensions.istio.io',
  kind: 'TrafficExtension',
  plural: 'trafficextensions',
  shortNames: [],
  scope: 'Namespaced',
  doc: 'Puts a filter of your own into proxies: a WebAssembly module or a piece of Lua. Successor of WasmPlugin, still alpha. ztunnel has no filters and never reads it; a waypoint reads those attached to it by `targetRefs`.',
  reference: 'https://istio.io/latest/docs/reference/config/proxy_extensions/traffic_extension/',
  readBy: ['waypoint', 'sidecar', 'gateway'],
  versions: { v1alpha1: { served: true, storage: true } },
  since: '1.30',
  specRequired: true,
  spec: () =>
    object(
      {
        selector: field(
          workloadSelector(),
          'The workloads whose sidecar or gateway runs the filter. Waypoints ignore extensions with a selector.',
          { default: 'all workloads of the namespace', readBy: ['sidecar', 'gateway'] },
        ),
        targetRefs: targetRefsField(),
        wasm: field(object(moduleFields()), 'A WebAssembly module as the filter.'),
        lua: field(
          object({
            inlineCode: required(
              string({ min: 1, max: 65536 }),
              'The script, with the functions `envoy_on_request` or `envoy_on_response`. It runs on the worker threads, so it must not block.',
            ),
          }),
          'A piece of Lua as the filter. It sees HTTP requests only.',
          { l7: true },
        ),
        phase: field(
          choice({ UNSPECIFIED: LAST_PHASE, ...FILTER_PHASES }),
          'Where in the chain of filters the extension stands.',
          {
            default: 'UNSPECIFIED',
          },
        ),
        priority: field(
          int(),
          'Order among the extensions of one phase: a higher number comes first. Equal ones are ordered by namespace and name.',
          { default: 0 },
        ),
        match: field(trafficMatch(), 'The traffic that the filter sees: that which fits any of the items.', {
          default: 'all traffic',
        }),
      },
      {
        rules: [oneWayOfTargeting(['selector', 'targetRefs']), exactlyOneOf(['wasm', 'lua'], { facts: ONE_EXTENSION })],
      },
    ),
});
