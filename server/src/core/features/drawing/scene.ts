// How a hop path is told to people. The scene is made once from the path; the drawing, the outline and the Mermaid text
// show its words and add none, so that all forms say the same.

import type {
  EnforcementPoint,
  HopPath,
  Leg,
  LegKind,
  NodeKind,
  PathNode,
  PathRequest,
  PolicyVerdict,
  RouteDecision,
  Verdict,
} from '../../mesh/paths/vocabulary.ts';

/** What a scene needs of a path. The path of the core has it, and so has the answer that leaves the server. */
export interface ScenePath {
  readonly request: PathRequest;
  readonly nodes: readonly Pick<PathNode, 'id' | 'kind'>[];
  readonly legs: readonly Omit<Leg, 'because'>[];
  readonly points: readonly EnforcementPoint[];
  readonly policies: readonly Omit<PolicyVerdict, 'policy' | 'because'>[];
  readonly routes: readonly Pick<RouteDecision, 'node' | 'ref' | 'rule' | 'destinations' | 'mirrors'>[];
  readonly outcome: HopPath['outcome'];
  readonly assume: readonly string[];
  readonly note?: string | undefined;
}

/** How good a thing is for whoever wrote it; always said in words too. */
export type Tone = 'good' | 'bad' | 'faint';

export interface ScenePolicy {
  /** Of the policies of the path. */
  readonly index: number;
  readonly tone: Tone;
  readonly text: string;
}

export interface SceneBranch {
  readonly text: string;
  readonly taken: boolean;
}

export type HopState = 'reached' | 'refused' | 'unreached';

export interface SceneHop {
  /** From 1 on. */
  readonly number: number;
  readonly title: string;
  readonly facts: readonly string[];
  readonly policies: readonly ScenePolicy[];
  readonly branches: readonly SceneBranch[];
  /** Said in the title too, where the request ends early. */
  readonly state: HopState;
}

export interface SceneLeg {
  readonly encrypted: boolean;
  readonly title: string;
  readonly facts: readonly string[];
}

export interface PathScene {
  readonly title: string;
  readonly hops: readonly SceneHop[];
  /** The leg at index `n` goes from the hop at index `n` to the next one. */
  readonly legs: readonly SceneLeg[];
  /** Policies that are evaluated at no hop of this path. */
  readonly elsewhere: readonly ScenePolicy[];
  readonly outcome: { readonly result: HopPath['outcome']['result']; readonly text: string };
  readonly assumptions: readonly string[];
  readonly note: string | undefined;
}

export function sceneOf(path: HopPath | ScenePath): PathScene {
  const onPath = new Set(path.nodes.map(({ id }) => id));
  const elsewhere = (at: string | null) => at === null || !onPath.has(at);
  return {
    title: `Hop path of ${requestText(path.request)}`,
    hops: path.nodes.map((node, index) => hopOf(path, node, index)),
    legs: path.legs.map(legOf),
    elsewhere: policiesOf(path, elsewhere),
    outcome: { result: path.outcome.result, text: outcomeText(path) },
    assumptions: path.assume,
    note: path.note,
  };
}

const NODE_NAMES: Readonly<Record<NodeKind, string>> = {
  app: 'Application',
  ztunnel: 'ztunnel of',
  sidecar: 'Sidecar of',
  waypoint: 'Waypoint',
  gateway: 'Gateway',
  'gateway-eastwest': 'East-west gateway',
  'linkerd-outbound': 'Linkerd proxy (outbound) of',
  'linkerd-inbound': 'Linkerd proxy (inbound) of',
  'linkerd-mc-gateway': 'Linkerd multicluster gateway',
  'cilium-ebpf': 'Cilium eBPF on',
  'cilium-envoy': 'Cilium Envoy on',
  external: 'External',
};

const LEG_NAMES: Readonly<Record<LegKind, string>> = {
  capture: 'captured',
  deliver: 'delivered',
  hbone: 'HBONE',
  'hbone-double': 'HBONE within HBONE',
  'istio-mtls': 'Istio mutual TLS',
  'linkerd-mtls': 'Linkerd mutual TLS',
  plaintext: 'plain text',
  'tls-originate': 'TLS that the proxy originates',
  'tls-passthrough': 'TLS of the application',
  'node-redirect': 'redirected',
};

const SCOPES: Readonly<Record<Leg['scope'], string>> = {
  'pod-local': 'in the pod',
  'node-local': 'on the node',
  network: 'across the network',
};

const CERTAINTIES: Readonly<Record<Leg['certainty'], string>> = {
  certain: '',
  assumed: 'Assumed: ',
  unknown: 'Not known for certain: ',
};

const TONES: Readonly<Record<Verdict, Tone>> = {
  enforced: 'good',
  degraded: 'bad',
  'no-effect': 'bad',
  'not-attached': 'bad',
  ignored: 'bad',
  bypassed: 'bad',
  shadowed: 'bad',
  'not-applicable': 'faint',
  unknown: 'faint',
};

function nodeText(id: string, kind: NodeKind): string {
  return `${NODE_NAMES[kind]} ${id.slice(id.indexOf(':') + 1)}`;
}

function hopOf(path: ScenePath, { id, kind }: Pick<PathNode, 'id' | 'kind'>, index: number): SceneHop {
  const hops = path.nodes.flatMap((node, place) => (node.id === id ? [place] : []));
  // A pod that calls itself has its proxy on both sides: the first one routes, and the last one decides.
  const routes = index === hops[0] ? path.routes.filter(({ node }) => node === id) : [];
  const decides = index === hops.at(-1);
  const state = stateOf(path, index);
  const points = decides ? path.points.filter(({ node }) => node === id) : [];
  return {
    number: index + 1,
    title: `${nodeText(id, kind)}${ENDINGS[state]}`,
    facts: [...points.map(pointText), ...routes.map(routeText)],
    policies: policiesOf(path, (at) => decides && at === id),
    branches: routes.flatMap(({ destinations }) => (destinations.length > 1 ? branchesOf(destinations) : [])),
    state,
  };
}

const ENDINGS: Readonly<Record<HopState, string>> = {
  reached: '',
  refused: ' (the request ends here)',
  unreached: ' (not reached)',
};

function stateOf({ nodes, outcome }: ScenePath, index: number): HopState {
  const end = outcome.result === 'deny' ? nodes.findLastIndex(({ id }) => id === outcome.at) : -1;
  if (end === -1 || index < end) return 'reached';
  return index === end ? 'refused' : 'unreached';
}

function pointText({ layer, sees }: EnforcementPoint): string {
  const who = sees.identity === null ? 'no identity' : `identity ${sees.identity}`;
  const address = sees.srcIp === 'client' ? 'the address of the client' : 'the address of the hop before';
  return `${layer}: sees ${who}, ${sees.portMeaning} port ${sees.port}, ${address}`;
}

function routeText({ ref, rule, destinations, mirrors = [] }: ScenePath['routes'][number]): string {
  const [only] = destinations;
  if (!only && (rule === undefined || rule === null)) return `${ref}: no rule matches`;
  const to = only && destinations.length === 1 ? ` to ${destinationText(only)}` : '';
  const copies = mirrors.length > 0 ? `, copied to ${mirrors.join(' and ')}` : '';
  return `${ref}${rule === undefined || rule === null ? '' : `: rule ${rule + 1}`}${to}${copies}`;
}

function destinationText({ host, subset, port }: RouteDecision['destinations'][number]): string {
  return `${host}${port === null ? '' : `:${port}`}${subset === null ? '' : `, subset ${subset}`}`;
}

function branchesOf(destinations: RouteDecision['destinations']): SceneBranch[] {
  return destinations.map((destination) => ({
    text: `${destinationText(destination)}, weight ${destination.weight}${destination.taken ? ' (shown)' : ''}`,
    taken: destination.taken,
  }));
}

function legOf(leg: ScenePath['legs'][number]): SceneLeg {
  const identity = leg.peerIdentitySeen === null ? [] : [`Identity presented and seen: ${leg.peerIdentitySeen}`];
  const underlay = leg.underlay === undefined ? [] : [`Encryption of the network below: ${leg.underlay}`];
  const appTls = leg.appTls === undefined ? [] : [`TLS of the application: ${leg.appTls}`];
  const encryption = leg.encrypted ? 'encrypted' : 'not encrypted';
  return {
    encrypted: leg.encrypted,
    title: `${LEG_NAMES[leg.kind]} ${SCOPES[leg.scope]}, port ${leg.port}, ${encryption}`,
    facts: [...identity, ...underlay, ...appTls, `${CERTAINTIES[leg.certainty]}${leg.why}`],
  };
}

function policiesOf({ policies }: ScenePath, stands: (at: string | null) => boolean): ScenePolicy[] {
  return policies.flatMap((policy, index) => (stands(policy.at) ? [policyOf(policy, index)] : []));
}

function policyOf({ ref, verdict, effect, reason }: ScenePath['policies'][number], index: number): ScenePolicy {
  const meaning = effect === 'none' || effect === 'as-written' ? '' : ` (${effect})`;
  return { index, tone: TONES[verdict], text: `${ref}: ${verdict}${meaning}${reason === null ? '' : `: ${reason}`}` };
}

function outcomeText({ outcome, nodes }: ScenePath): string {
  const node = nodes.find(({ id }) => id === outcome.at);
  const place = node ? ` at ${nodeText(node.id, node.kind)}` : '';
  const { result, by, signal } = outcome;
  // What refuses is a resource or a rule of a proxy; only a resource can be one that nobody can read for certain.
  if (result === 'unknown' && by?.includes('/')) return `Not known${place}: ${by} cannot be read for certain`;
  const word = { allow: 'Allowed', deny: 'Refused', unknown: 'Not known' }[result];
  return `${word}${place}${by === undefined ? '' : ` by ${by}`}${signal === undefined ? '' : `: ${signal}`}`;
}

function requestText({ from, to, http }: PathRequest): string {
  const target =
    'service' in to ? `Service ${to.service}` : 'pod' in to ? `pod address of ${to.pod}` : `host ${to.host}`;
  const chosen = 'service' in to && to.endpoint !== undefined ? `, served by ${to.endpoint}` : '';
  return `${http ? httpText(http) : 'TCP'} from ${from} to ${target}, port ${to.port}${chosen}`;
}

function httpText({ method, path, host, headers }: NonNullable<PathRequest['http']>): string {
  const said = Object.entries(headers ?? {}).map(([name, value]) => `${name}: ${value}`);
  const all = [...(host === undefined ? [] : [`host: ${host}`]), ...said];
  return `${method} ${path}${all.length === 0 ? '' : ` (${all.join(', ')})`}`;
}
