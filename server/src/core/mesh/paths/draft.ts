import type { Site } from '../../model/located.ts';
import type { Destination, GatewaySource } from './ends.ts';
import type { Refusal, Routed } from './judgement.ts';
import type {
  Certainty,
  EnforcementPoint,
  HttpRequest,
  Leg,
  LegKind,
  NodeId,
  NodeKind,
  PathNode,
  RouteDecision,
} from './vocabulary.ts';

/** What the legs of a kind have in common. */
interface LegNature {
  readonly scope: Leg['scope'];
  readonly encrypted: boolean;
  readonly mutualAuth: boolean;
}

const NATURE: Readonly<Record<LegKind, LegNature>> = {
  capture: { scope: 'pod-local', encrypted: false, mutualAuth: false },
  deliver: { scope: 'pod-local', encrypted: false, mutualAuth: false },
  hbone: { scope: 'network', encrypted: true, mutualAuth: true },
  'hbone-double': { scope: 'network', encrypted: true, mutualAuth: true },
  'istio-mtls': { scope: 'network', encrypted: true, mutualAuth: true },
  'linkerd-mtls': { scope: 'network', encrypted: true, mutualAuth: true },
  plaintext: { scope: 'network', encrypted: false, mutualAuth: false },
  'tls-originate': { scope: 'network', encrypted: true, mutualAuth: false },
  'tls-passthrough': { scope: 'network', encrypted: true, mutualAuth: false },
  'node-redirect': { scope: 'node-local', encrypted: false, mutualAuth: false },
};

export interface LegParts {
  readonly kind: LegKind;
  readonly port: number;
  readonly why: string;
  /** The identity that the sender presents; kept only by legs with mutual TLS. */
  readonly identity?: string | null;
  readonly because?: readonly Site[];
  readonly certainty?: Certainty;
  readonly underlay?: Leg['underlay'] | undefined;
  readonly appTls?: Leg['appTls'] | undefined;
}

/** A path while it is made, hop by hop; each leg starts where the path stands. */
export class PathDraft {
  readonly nodes: PathNode[] = [];
  readonly legs: Leg[] = [];
  readonly points: EnforcementPoint[] = [];
  readonly routes: RouteDecision[] = [];
  /** What ends the request on the way: no route matches, nothing answers. Policies are judged afterwards. */
  readonly refusals: Refusal[] = [];
  readonly assume = new Set<string>();
  note: string | undefined;
  /** The gateway by which the path goes. */
  gateway: GatewaySource | undefined;
  /** Where a gateway sends what it was asked for by a host alone. */
  backend: Destination | undefined;
  readonly #rewrites: { readonly node: NodeId; readonly http: HttpRequest | undefined }[] = [];

  /** Where the path begins. */
  constructor(id: NodeId, kind: NodeKind, because: readonly Site[] = []) {
    this.nodes.push({ id, kind, because });
  }

  /** The node that the path has reached. */
  get here(): NodeId {
    return this.nodes.at(-1)?.id ?? '';
  }

  /** The leg that reached it. */
  get lastLeg(): Leg | undefined {
    return this.legs.at(-1);
  }

  /** Goes on to a node. */
  go(id: NodeId, kind: NodeKind, leg: LegParts, because: readonly Site[] = []): this {
    const nature = NATURE[leg.kind];
    this.legs.push({
      seq: this.legs.length + 1,
      from: this.here,
      to: id,
      kind: leg.kind,
      port: leg.port,
      ...nature,
      peerIdentitySeen: nature.mutualAuth ? (leg.identity ?? null) : null,
      ...(leg.underlay ? { underlay: leg.underlay } : {}),
      ...(leg.appTls ? { appTls: leg.appTls } : {}),
      certainty: leg.certainty ?? 'certain',
      why: leg.why,
      because: leg.because ?? [],
    });
    this.nodes.push({ id, kind, because });
    return this;
  }

  /** The node that was reached is another one after all; the leg to it stays as it is where no other is given. */
  arriveInstead(id: NodeId, kind: NodeKind, leg: LegParts | undefined, because: readonly Site[]): void {
    const last = this.legs.at(-1);
    if (!last) return;
    this.nodes.pop();
    if (leg) {
      this.legs.pop();
      this.go(id, kind, { ...leg, port: last.port }, because);
    } else {
      this.legs.splice(-1, 1, { ...last, to: id });
      this.nodes.push({ id, kind, because });
    }
  }

  /** The addressed Service has no workload in the workspace, so nobody can say where the path goes from here. */
  endsNowhere({ namespace, name }: { readonly namespace: string; readonly name: string }): void {
    this.refusals.push({ result: 'unknown', at: this.here, by: 'no-endpoint' });
    this.note = `No workload of the workspace is behind Service ${namespace}/${name}.`;
  }

  /** Notes which rule of a route the path follows, and on what that rests. */
  follow({ decision, assume, notes, http }: Routed): void {
    this.routes.push(decision);
    if (http) this.rewrite(http);
    for (const text of assume ?? []) this.assume.add(text);
    for (const text of notes ?? []) this.remark(text);
  }

  /** Adds a sentence to the note of the answer. */
  remark(sentence: string): void {
    this.note = this.note === undefined ? sentence : `${this.note} ${sentence}`;
  }

  /** From the node that the path has reached the request goes on in another form, or where nobody can read it. */
  rewrite(http: HttpRequest | undefined): void {
    this.#rewrites.push({ node: this.here, http });
  }

  /** The request as the node sends it which the path has reached. */
  sends(original: HttpRequest | undefined): HttpRequest | undefined {
    const last = this.#rewrites.at(-1);
    return last ? last.http : original;
  }

  /** The request as it comes to a node. */
  requestAt(node: NodeId, original: HttpRequest | undefined): HttpRequest | undefined {
    const order = this.nodes.map(({ id }) => id);
    const last = this.#rewrites.findLast((rewrite) => order.indexOf(rewrite.node) < order.lastIndexOf(node));
    return last ? last.http : original;
  }

  /** Takes back what lies behind a node; one that stands on both sides, as of a pod that calls itself, is the last. */
  endAt(node: NodeId): void {
    const last = this.nodes.findLastIndex(({ id }) => id === node);
    if (last === -1) return;
    this.nodes.splice(last + 1);
    this.legs.splice(last);
    const kept = new Set(this.nodes.map(({ id }) => id));
    for (let index = this.points.length - 1; index >= 0; index--) {
      if (!kept.has(this.points[index]?.node ?? '')) this.points.splice(index, 1);
    }
  }

  /** Notes that the node which the path has reached can decide about the request. */
  decides(layer: EnforcementPoint['layer'], sees: Omit<EnforcementPoint['sees'], 'identity'>): this {
    const identity = this.lastLeg?.peerIdentitySeen ?? null;
    this.points.push({ node: this.here, layer, sees: { identity, ...sees } });
    return this;
  }
}
