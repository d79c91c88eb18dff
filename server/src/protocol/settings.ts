// What crosses a border, as zod schemas that both sides share: settings, own requests, answers of the command line.
import * as z from 'zod/mini';

/**
 * The settings under `meshpath.` in an editor and in `.meshpath.yaml`. This schema is the only place where a setting is
 * declared; the manifest's part is generated from it. Every setting is optional and has a default.
 */
const severity = z.enum(['error', 'warning', 'info', 'hint', 'off']);

export const targetsSchema = z.object({
  istio: z._default(z.string(), '1.30'),
  linkerd: z._default(z.string(), '2.20'),
  gatewayApi: z._default(
    z.object({
      version: z._default(z.string(), '1.6'),
      channel: z._default(z.enum(['standard', 'experimental']), 'standard'),
    }),
    { version: '1.6', channel: 'standard' },
  ),
});

/** Flags of istiod that change what resources mean, and two facts of the mesh that no file states. */
export const istiodSchema = z.object({
  enableAutoMtls: z._default(z.boolean(), true),
  autoAllowWaypointPolicy: z._default(z.boolean(), false),
  layeredWaypointAuthorizationPolicies: z._default(z.boolean(), false),
  ambientEnableMultiNetwork: z._default(z.boolean(), false),
  enableAlphaGatewayApi: z._default(z.boolean(), false),
  preferSendingHbone: z._default(z.boolean(), false),
  ambientEnableDryRunAuthorizationPolicy: z._default(z.boolean(), false),
  waypointsProgrammed: z._default(z.boolean(), true),
  sidecarsSpeakHbone: z._default(z.boolean(), false),
});

/** Values of Linkerd's charts that change what resources mean. */
export const linkerdSchema = z.object({
  defaultInboundPolicy: z._default(
    z.enum([
      'all-unauthenticated',
      'all-authenticated',
      'cluster-unauthenticated',
      'cluster-authenticated',
      'deny',
      'audit',
    ]),
    'all-unauthenticated',
  ),
  opaquePorts: z._default(z.string(), '25,587,3306,4444,5432,6379,9300,11211'),
  clusterNetworks: z._default(z.array(z.string()), [
    '10.0.0.0/8',
    '100.64.0.0/10',
    '172.16.0.0/12',
    '192.168.0.0/16',
    'fd00::/8',
  ]),
  trustDomain: z._default(z.string(), 'cluster.local'),
  controlPlaneNamespace: z._default(z.string(), 'linkerd'),
});

/** Values of Cilium's chart that no workload's YAML shows. */
export const ciliumSchema = z.object({
  encryption: z._default(z.enum(['none', 'wireguard', 'ipsec']), 'wireguard'),
});

/** What is shown in the editor beside the text. */
export const codeLensSchema = z.object({ enabled: z._default(z.boolean(), true) });
export const inlayHintsSchema = z.object({ enforcement: z._default(z.boolean(), false) });

export const settingsSchema = z.object({
  targets: z._default(targetsSchema, {
    istio: '1.30',
    linkerd: '2.20',
    gatewayApi: { version: '1.6', channel: 'standard' },
  }),
  rootNamespace: z._default(z.string(), 'istio-system'),
  trustDomain: z._default(z.string(), 'cluster.local'),
  trustDomains: z._default(z.array(z.string()), []),
  meshConfig: z._default(z.string(), ''),
  istiod: z._default(istiodSchema, istiodSchema.parse({})),
  linkerd: z._default(linkerdSchema, linkerdSchema.parse({})),
  cilium: z._default(ciliumSchema, ciliumSchema.parse({})),
  checks: z._default(z.record(z.string(), severity), {}),
  closedWorld: z._default(z.boolean(), false),
  problems: z._default(z.enum(['workspace', 'openFiles']), 'workspace'),
  exclude: z._default(z.array(z.string()), ['**/node_modules/**', '**/.git/**']),
  redHatYaml: z._default(z.enum(['auto', 'off']), 'auto'),
  codeLens: z._default(codeLensSchema, { enabled: true }),
  inlayHints: z._default(inlayHintsSchema, { enforcement: false }),
  // Read by the client library, under this very name.
  'trace.server': z._default(z.enum(['off', 'messages', 'verbose']), 'off'),
});

export type Settings = z.infer<typeof settingsSchema>;

/** What each setting does, for the manifest and the README. Keys are paths below `meshpath.`. */
export const SETTING_DOCS: Readonly<Record<string, string>> = {
  targets: 'The releases to check against: newer fields are reported and not offered.',
  rootNamespace: "Istio's root namespace: policies in it hold for the whole mesh.",
  trustDomain: 'The trust domain of the mesh, the first part of every identity.',
  trustDomains:
    'All trust domains that are known, those of other meshes included; empty when it is not known which exist.',
  meshConfig: "Istio's MeshConfig as YAML text, where it is not among the workspace's files.",
  istiod:
    'Flags of istiod that change what resources mean, and whether waypoints are ready and sidecars speak HBONE, which no file says.',
  linkerd:
    "Values of Linkerd's charts that change what resources mean: default policy, opaque ports, networks, trust domain.",
  cilium: "Values of Cilium's chart: `encryption` between nodes is `wireguard`, `ipsec` or `none`.",
  checks: 'Severity by check code: `error`, `warning`, `info`, `hint`, or `off`.',
  closedWorld: 'The workspace holds everything that the cluster does, so that what is not found in it does not exist.',
  problems: 'Which files have their problems shown: all of the `workspace`, or `openFiles` alone.',
  exclude: 'Files that are not read, as globs.',
  redHatYaml: 'Work together with the Red Hat YAML extension when it is active, so that nothing appears twice.',
  'codeLens.enabled': 'Show *Hop path* above routes, policies, Services and workloads.',
  'inlayHints.enforcement':
    'Show after the name of each policy of Istio and Linkerd where it is enforced: at which waypoint, at ztunnel, nowhere.',
  'trace.server': 'Write what editor and server say to each other to the output channel.',
};

export interface SettingsResult {
  readonly settings: Settings;
  /** What was wrong, each naming its place; wrong parts have their defaults. */
  readonly problems: readonly string[];
}

/** Reads settings from anything. Never throws: each wrong part is dropped, named, and replaced by its default. */
export function readSettings(input: unknown): SettingsResult {
  const result = settingsSchema.safeParse(input ?? {});
  if (result.success) return { settings: result.data, problems: [] };
  const problems = result.error.issues.map((issue) => `meshpath.${issue.path.join('.')}: ${issue.message}`);
  const kept: Record<string, unknown> = Object.create(null);
  const wrong = new Set(result.error.issues.map((issue) => String(issue.path[0])));
  if (typeof input === 'object' && input !== null && !Array.isArray(input)) {
    for (const [key, value] of Object.entries(input)) if (!wrong.has(key)) kept[key] = value;
  }
  const retry = settingsSchema.safeParse(kept);
  return { settings: retry.success ? retry.data : settingsSchema.parse({}), problems };
}
