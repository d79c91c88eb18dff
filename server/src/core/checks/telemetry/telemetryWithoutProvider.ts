import type { MeshConfig } from '../../mesh/meshConfig.ts';
import type { Located } from '../../model/located.ts';
import { asMap, at, bool, items } from '../../yaml/access.ts';
import { addEntry } from '../../yaml/edits.ts';
import { type Scope, workspaceCheck } from '../check.ts';

const SECTIONS = [
  { field: 'accessLogging', defaults: 'accessLogging', what: 'nothing is logged', provider: 'envoy' },
  { field: 'tracing', defaults: 'tracing', what: 'no trace is sent', provider: undefined },
] as const;

/** A part of a Telemetry that says how to report, and nowhere whom to. */
export const telemetryWithoutProvider = workspaceCheck({
  facts: {
    code: 'telemetry-without-provider',
    severity: 'warning',
    what: 'Access logging or tracing is configured without a provider, and the mesh has no default provider for it.',
    why: 'Istio ignores the entry without a word: nothing is logged, and no trace is sent.',
    todo: 'Name a provider, or set `defaultProviders` in the mesh configuration.',
    peers: ['IST0157'],
    source: 'istio/istio pkg/config/analysis/analyzers/telemetry/provider.go',
  },
  kinds: ['telemetry.istio.io/Telemetry'],
  run(located, scope) {
    const config = scope.meshConfig;
    // Installations of Istio set defaults; only a workspace that says all says that there are none.
    if (!config.root && !scope.settings.closedWorld) return;
    for (const section of SECTIONS) checkSection(located, section, config, scope);
  },
});

function checkSection(
  located: Located,
  { field, defaults, what, provider }: (typeof SECTIONS)[number],
  config: MeshConfig,
  scope: Scope,
): void {
  if (items(config.root, 'defaultProviders', defaults).length > 0) return;
  if (inheritsProvider(located, field, config, scope)) return;
  for (const entry of items(located.root, 'spec', field)) {
    if (items(entry, 'providers').length > 0 || bool(entry, 'disabled') || bool(entry, 'disableSpanReporting'))
      continue;
    const known = provider ?? [...(config.extensionProviders ?? [])][0];
    const map = asMap(entry);
    scope.report(
      at(entry, 'providers') ?? firstKey(entry),
      `No provider is named here, and the mesh has no default: ${what}.`,
      {
        fixes:
          map && known !== undefined && !at(entry, 'providers')
            ? [
                {
                  title: `Add the provider \`${known}\``,
                  safe: false,
                  edits: [addEntry(located.document.text, map, 'providers', `[{ name: ${known} }]`)],
                },
              ]
            : [],
      },
    );
  }
}

/** What a Telemetry leaves open is taken from those for its namespace and for the mesh. */
function inheritsProvider(located: Located, field: string, { rootNamespace }: MeshConfig, { world }: Scope): boolean {
  return [located.namespace, rootNamespace]
    .flatMap((namespace) => world.inNamespace('telemetry.istio.io/Telemetry', namespace))
    .some(
      (wider) =>
        wider !== located &&
        !at(wider.root, 'spec', 'selector') &&
        items(wider.root, 'spec', field).some((entry) => items(entry, 'providers').length > 0),
    );
}

function firstKey(entry: Parameters<typeof asMap>[0] & object) {
  return asMap(entry)?.entries[0]?.key ?? entry;
}
