import { text } from '../../yaml/access.ts';
import { describeLocated, type KindKey, type Located } from '../located.ts';
import { gatewayName as splitGatewayName } from '../traffic.ts';
import {
  beside,
  type Candidate,
  type Declaration,
  type NameForm,
  nameOf,
  namespaceOf,
  resourcesNamed,
  type Use,
} from './reference.ts';

/** Names of resources: of one kind, of a kind that stands beside the name, or with their namespace before a slash. */

export const K8S_GATEWAY: KindKey = 'gateway.networking.k8s.io/Gateway';
export const ISTIO_GATEWAY: KindKey = 'networking.istio.io/Gateway';

/** Kinds that have no namespace; names of them are looked up without one. */
const CLUSTER_KINDS: ReadonlySet<string> = new Set(['/Namespace', 'gateway.networking.k8s.io/GatewayClass']);

interface Options {
  readonly noun: string;
  /** The namespace may be given beside the name, under this key. */
  readonly namespaceKey?: string;
  /** Which resources are worth offering; all when absent. Whatever is written is resolved anyway. */
  readonly offer?: (located: Located) => boolean;
}

/** The name of a resource of one kind, in the own namespace or in the one that stands beside the name. */
export function nameOfKind(kind: KindKey, options: Options): NameForm {
  return nameOfKinds(() => [kind], options);
}

/** The name of a resource whose group and kind stand beside it; `fallback` is meant when they are absent. */
export function typedName(fallback: { group?: string; kind?: string }, options: Options): NameForm {
  return nameOfKinds((use) => {
    const kind = beside(use, 'kind') ?? fallback.kind;
    const group = beside(use, 'group') ?? fallback.group ?? '';
    // Linkerd takes this word for the group without a name.
    return kind === undefined ? [] : [`${group === 'core' ? '' : group}/${kind}`];
  }, options);
}

export function nameOfKinds(kindsOf: (use: Use) => readonly KindKey[], options: Options): NameForm {
  const { noun, namespaceKey, offer } = options;
  const given = (use: Use) => (namespaceKey === undefined ? undefined : beside(use, namespaceKey));
  return {
    noun,
    resolve: (written, use) =>
      kindsOf(use).flatMap((kind) => {
        const namespace = CLUSTER_KINDS.has(kind) ? '' : (given(use) ?? namespaceOf(use.located));
        return resourcesNamed(use.scope, kind, namespace, written);
      }),
    candidates: (use) =>
      kindsOf(use).flatMap((kind) =>
        use.scope.world
          .ofKind(kind)
          .filter((located) => located !== use.located && (offer?.(located) ?? true))
          .flatMap((located) => candidate(located, use, given(use), namespaceKey)),
      ),
  };
}

function candidate(
  located: Located,
  use: Use,
  given: string | undefined,
  namespaceKey: string | undefined,
): Candidate[] {
  const { name, namespace } = located;
  const detail = describeLocated(located);
  const own = namespaceOf(use.located);
  if (namespace === '' || namespace === (given ?? own)) return [{ name, detail, rank: 0 }];
  if (given !== undefined || namespaceKey === undefined) return [];
  return [{ name, detail, rank: 1, beside: { key: namespaceKey, value: namespace } }];
}

/** `name` or `namespace/name` of Istio Gateways, as VirtualServices list them; `mesh` stands for all sidecars. */
export const gatewayName: NameForm = {
  noun: 'gateway',
  resolve: (written, use) => {
    if (written === 'mesh') return [];
    const { namespace, gateway } = splitGatewayName(written, namespaceOf(use.located));
    return resourcesNamed(use.scope, ISTIO_GATEWAY, namespace, gateway);
  },
  candidates: (use) => [
    ...use.scope.world.ofKind(ISTIO_GATEWAY).map((located): Candidate => {
      const own = located.namespace === namespaceOf(use.located);
      const name = own ? located.name : `${located.namespace}/${located.name}`;
      return { name, detail: describeLocated(located), rank: own ? 0 : 2 };
    }),
    { name: 'mesh', detail: 'the sidecars of the mesh', rank: 1 },
  ],
  part: (written) => {
    const start = written.indexOf('/') + 1;
    const dot = start === 0 ? written.indexOf('.') : -1;
    return { start, end: dot === -1 ? written.length : dot };
  },
};

/** The Gateway API Gateways that serve as waypoints, by the label `istio.io/use-waypoint`; `none` opts out. */
export const waypointName: NameForm = {
  ...nameOfKind(K8S_GATEWAY, {
    noun: 'waypoint',
    namespaceKey: 'istio.io/use-waypoint-namespace',
    offer: (located) => text(located.root, 'spec', 'gatewayClassName')?.includes('waypoint') ?? false,
  }),
};

/** Every namespace that the workspace knows; it need not have the Namespace itself. */
export function namespaceName(extras: Readonly<Record<string, string>> = {}): NameForm {
  return {
    noun: 'namespace',
    resolve: (written, use) => namespaceDeclarations(written, use),
    candidates: (use) => [
      ...Object.entries(extras).map(([name, detail]): Candidate => ({ name, detail, rank: 0 })),
      ...[...use.scope.world.namespaces()].map(
        (name): Candidate => ({ name, detail: 'Namespace', rank: name === namespaceOf(use.located) ? 1 : 2 }),
      ),
    ],
  };
}

function namespaceDeclarations(written: string, use: Use): Declaration[] {
  const name = written === '.' ? namespaceOf(use.located) : written;
  return use.scope.world.findAll('/Namespace', '', name).flatMap(nameOf);
}
