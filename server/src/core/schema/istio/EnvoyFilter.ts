import { choice, field, fragment, int, list, object, openObject } from '../define.ts';
import { kind } from '../kind.ts';
import { patchMatch } from './envoyFilterMatch.ts';
import { filterMatchCounts, filterMatchWorks, matchFitsPlace } from './envoyFilterMatchRules.ts';
import { relativeNeedsPriority, versionedNeedsPriority } from './envoyFilterOrder.ts';
import { operationRules, patchIsComplete } from './envoyFilterPatch.ts';
import { filterIsTyped, valueIsEnvoyObject } from './envoyFilterValue.ts';
import { oneWayOfTargeting, targetRefsField } from './targetRef.ts';
import { labelSelector } from './workloadLabels.ts';

const place = fragment(() =>
  choice({
    INVALID: 'No place at all: what an absent `applyTo` means. istiod refuses it.',
    LISTENER: 'Listeners: the sockets that the proxy opens.',
    FILTER_CHAIN: 'Filter chains of listeners, chosen by address, SNI or ALPN.',
    NETWORK_FILTER: 'Network filters of a chain, such as the HTTP connection manager or the TCP proxy.',
    HTTP_FILTER: 'HTTP filters inside the HTTP connection manager, run in order for every request.',
    ROUTE_CONFIGURATION: 'Route configurations as a whole. Only `MERGE` works; routes have places of their own.',
    VIRTUAL_HOST: 'Virtual hosts of a route configuration: the hosts with their routes.',
    HTTP_ROUTE: 'Single routes of a virtual host.',
    CLUSTER: 'Clusters: groups of endpoints with their connection settings. With `ADD`, an own one.',
    EXTENSION_CONFIG: 'Configuration that HTTP filters fetch by name (ECDS), such as Wasm modules. Only `ADD`.',
    BOOTSTRAP: 'What the proxy starts with. Applied when a pod starts: restart pods after a change.',
    LISTENER_FILTER: 'Listener filters, which look at a connection before a chain is chosen.',
  }),
);

const operation = fragment(() =>
  choice({
    INVALID: 'No operation: what an absent `operation` means. istiod refuses it.',
    MERGE:
      'Merges the value into each matched object as protobuf does: fields are replaced, **lists are appended to**.',
    ADD: 'Appends the value to the list of its place: listeners, clusters, virtual hosts, filters. For routes see the `INSERT_` operations.',
    REMOVE: 'Takes the matched objects away. Needs no value.',
    INSERT_BEFORE: 'Puts the value before the matched filter or route; nothing happens when none matches.',
    INSERT_AFTER:
      'Puts the value behind the matched filter or route; nothing happens when none matches. For HTTP filters mind that the router must stay the last.',
    INSERT_FIRST: 'Puts the value at the front of the list.',
    REPLACE: 'Replaces the matched filter as a whole. Only for filters.',
    MERGE_AND_REPLACE_LIST: {
      doc: 'Merges as `MERGE` does, but lists in the value replace those of the object instead of being appended.',
      since: '1.31',
    },
  }),
);

const filterClass = fragment(() =>
  choice({
    UNSPECIFIED: 'No class: the operation alone decides about the position.',
    AUTHN: 'After the authentication filters of Istio.',
    AUTHZ: 'After the authorization filters of Istio.',
    STATS: 'Before the statistics filters of Istio.',
  }),
);

const patch = fragment(() =>
  object({
    operation: field(operation(), 'How the value is brought into the configuration.'),
    value: field(
      openObject({}),
      'The Envoy object in its JSON form (v3 API), as a whole or in the parts to merge. Field names of Envoy, in snake or camel case; istiod only checks that it can be read.',
    ),
    filterClass: field(
      filterClass(),
      'Puts an added filter relative to what Istio generates, without naming a filter. Only with operation `ADD` on filters.',
    ),
  }),
);

const configPatch = fragment(() =>
  object(
    {
      applyTo: field(place(), 'Which kind of object in the configuration of the proxy is changed.'),
      match: field(
        patchMatch(),
        'Which of these objects. When absent, every one in every proxy that the EnvoyFilter reaches.',
      ),
      patch: field(patch(), 'What is changed, and how.'),
    },
    {
      rules: [
        patchIsComplete,
        matchFitsPlace,
        filterMatchWorks,
        filterMatchCounts,
        ...operationRules,
        valueIsEnvoyObject,
        filterIsTyped,
      ],
    },
  ),
);

export const envoyFilter = kind({
  project: 'istio',
  group: 'networking.istio.io',
  kind: 'EnvoyFilter',
  plural: 'envoyfilters',
  shortNames: [],
  scope: 'Namespaced',
  doc: 'Patches the Envoy configuration that istiod generates, for what no other resource offers. The objects it relates to are internal and **may change with every release**: test upgrades, prefer Telemetry, WasmPlugin or TrafficExtension where they do. ztunnel has no Envoy; waypoints are reached by `targetRefs` only.',
  reference: 'https://istio.io/latest/docs/reference/config/networking/envoy-filter/',
  readBy: ['sidecar', 'gateway', 'waypoint'],
  versions: { v1alpha3: { served: true, storage: true } },
  spec: () =>
    object(
      {
        workloadSelector: field(
          labelSelector(),
          'The pods whose proxies are patched; all of the namespace, or of the mesh in the root namespace, when absent. Waypoints are never selected by labels.',
          { readBy: ['sidecar', 'gateway'] },
        ),
        targetRefs: targetRefsField(),
        configPatches: field(
          list(configPatch()),
          'The changes, applied in this order. A patch that matches nothing is skipped without a word.',
        ),
        priority: field(
          int(),
          'Order among EnvoyFilters: lower ones first. Those with the same priority follow by creation time; patches of the root namespace come before those of the namespace.',
          { default: 0 },
        ),
      },
      {
        rules: [oneWayOfTargeting(['workloadSelector', 'targetRefs']), relativeNeedsPriority, versionedNeedsPriority],
      },
    ),
});
