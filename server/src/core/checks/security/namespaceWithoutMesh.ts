import { injectionByDefault } from '../../mesh/injectionDefaults.ts';
import { isSystemNamespace } from '../../mesh/systemNamespaces.ts';
import type { Labels } from '../../model/labels.ts';
import type { World } from '../../model/world.ts';
import type { Fix } from '../../schema/rule.ts';
import { asMap, at } from '../../yaml/access.ts';
import { addEntry } from '../../yaml/edits.ts';
import { workspaceCheck } from '../check.ts';

const DECIDING = ['istio-injection', 'istio.io/rev', 'istio.io/dataplane-mode', 'linkerd.io/inject'];

/** A namespace that says nothing about the mesh beside namespaces that do. */
export const namespaceWithoutMesh = workspaceCheck({
  facts: {
    code: 'namespace-without-mesh',
    severity: 'hint',
    what: 'A Namespace has no label that takes its pods into the mesh or keeps them out, and other Namespaces do.',
    why: 'Its pods stay outside: no mTLS, no policy, no telemetry. Servers that are `STRICT` refuse them.',
    todo: 'Add `istio-injection: enabled` or `istio.io/dataplane-mode: ambient`, or say by `disabled` or `none` that it is meant.',
    peers: ['IST0102'],
    source: 'istio/istio pkg/config/analysis/analyzers/injection/injection.go',
  },
  kinds: ['/Namespace'],
  run(located, { world, settings, meshConfig, report }) {
    const { name, root } = located;
    const labels = world.namespaceLabels(name);
    const node = at(root, 'metadata', 'name');
    if (!labels || !node || decides(labels) || isSystemNamespace(name) || injectionByDefault(world)) return;
    if (name === meshConfig.rootNamespace) return;
    const workloads = world.workloads(name);
    // Not every namespace is meant to be in the mesh; one that holds settings for proxies is.
    if (workloads.length === 0 || !(settings.closedWorld || hasProxySettings(world, name))) return;
    if (workloads.some((workload) => decides(workload.labels) || workload.labels.has('sidecar.istio.io/inject')))
      return;
    const usual = usualLabel(world);
    if (!usual) return;
    const map = asMap(at(root, 'metadata', 'labels'));
    const fixes: Fix[] = map
      ? [
          {
            title: `Add the label \`${usual.key}: ${usual.value}\``,
            safe: false,
            edits: [addEntry(located.document.text, map, usual.key, usual.value)],
          },
        ]
      : [];
    report(
      node,
      `The pods of this namespace stay outside of the mesh; Namespace \`${usual.namespace}\` has \`${usual.key}: ${usual.value}\`.`,
      { fixes },
    );
  },
});

const PROXY_SETTINGS = [
  'security.istio.io/AuthorizationPolicy',
  'security.istio.io/PeerAuthentication',
  'security.istio.io/RequestAuthentication',
  'networking.istio.io/Sidecar',
  'telemetry.istio.io/Telemetry',
] as const;

function hasProxySettings(world: World, namespace: string): boolean {
  return PROXY_SETTINGS.some((kind) => world.inNamespace(kind, namespace).length > 0);
}

function decides(labels: Labels): boolean {
  return DECIDING.some((key) => labels.has(key));
}

const USUAL = [
  ['istio.io/dataplane-mode', 'ambient'],
  ['istio-injection', 'enabled'],
] as const;

/** How another namespace of the workspace is taken into Istio's mesh. */
function usualLabel(world: World): { key: string; value: string; namespace: string } | undefined {
  for (const { name } of world.ofKind('/Namespace'))
    for (const [key, value] of USUAL)
      if (world.namespaceLabels(name)?.get(key) === value) return { key, value, namespace: name };
  return undefined;
}
