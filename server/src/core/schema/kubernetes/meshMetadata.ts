import { asMap, at } from '../../yaml/access.ts';
import type { MapNode, YamlNode } from '../../yaml/tree.ts';
import { GATEWAY_API } from './meshMetadataGatewayApi.ts';
import { ISTIO_CAPTURE } from './meshMetadataIstioCapture.ts';
import { ISTIO_ENROLLMENT } from './meshMetadataIstioEnrollment.ts';
import { ISTIO_GATEWAYS, ISTIO_OTHERS } from './meshMetadataIstioGateways.ts';
import { ISTIO_HEALTH, ISTIO_STATISTICS } from './meshMetadataIstioHealth.ts';
import { ISTIO_INJECTION } from './meshMetadataIstioInjection.ts';
import { ISTIO_SERVICES, ISTIO_TOPOLOGY } from './meshMetadataIstioServices.ts';
import { LINKERD_BEHAVIOR } from './meshMetadataLinkerdBehavior.ts';
import { LINKERD_INJECTION, LINKERD_WRITTEN } from './meshMetadataLinkerdInjection.ts';
import { LINKERD_MULTICLUSTER } from './meshMetadataLinkerdMulticluster.ts';
import { LINKERD_CAPTURE, LINKERD_RESOURCES } from './meshMetadataLinkerdProxy.ts';
import { LINKERD_BALANCING, LINKERD_RETRIES } from './meshMetadataLinkerdTraffic.ts';
import type { MetadataKey, MetadataPlace } from './metadataKey.ts';

/** Every label and annotation that a mesh reads, and where in a resource they stand. */
export const METADATA_KEYS: readonly MetadataKey[] = [
  ...ISTIO_ENROLLMENT,
  ...ISTIO_INJECTION,
  ...ISTIO_CAPTURE,
  ...ISTIO_HEALTH,
  ...ISTIO_STATISTICS,
  ...ISTIO_SERVICES,
  ...ISTIO_GATEWAYS,
  ...ISTIO_TOPOLOGY,
  ...ISTIO_OTHERS,
  ...GATEWAY_API,
  ...LINKERD_INJECTION,
  ...LINKERD_CAPTURE,
  ...LINKERD_BEHAVIOR,
  ...LINKERD_RESOURCES,
  ...LINKERD_RETRIES,
  ...LINKERD_BALANCING,
  ...LINKERD_MULTICLUSTER,
  ...LINKERD_WRITTEN,
];

const byPlace: Readonly<Record<MetadataPlace, ReadonlyMap<string, MetadataKey>>> = {
  label: keysAt('label'),
  annotation: keysAt('annotation'),
};
const prefixKeys = METADATA_KEYS.filter((known) => known.isPrefix);

function keysAt(place: MetadataPlace): Map<string, MetadataKey> {
  return new Map(METADATA_KEYS.flatMap((known) => (known.place === place ? [[known.key, known] as const] : [])));
}

/** What is known about a key in one of the two places. */
export function metadataKey(key: string, place: MetadataPlace): MetadataKey | undefined {
  return (
    byPlace[place].get(key) ??
    prefixKeys.find((known) => known.place === place && key.startsWith(known.key) && key.length > known.key.length)
  );
}

/** The keys that people write on a kind (`Pod` for pod templates), most used first. */
export function metadataKeysFor(place: MetadataPlace, kind: string): readonly MetadataKey[] {
  return METADATA_KEYS.filter(
    (known) => known.place === place && !known.setByMesh && !known.isPrefix && isReadOn(known, kind),
  );
}

/** Whether the mesh reads a key on a kind. */
export function isReadOn(known: MetadataKey, kind: string): boolean {
  return known.on === undefined || known.on.includes(kind);
}

export interface MetadataMap {
  readonly place: MetadataPlace;
  /** The kind that the map describes: `Pod` for the pod template of a Deployment. */
  readonly ownerKind: string;
  /** The `metadata` that holds the map. */
  readonly metadata: MapNode;
  readonly map: MapNode;
}

const POD_TEMPLATE = ['spec', 'template', 'metadata'];

/** Where the metadata of pods stands in kinds that make pods, and that of the entries that a WorkloadGroup makes. */
const TEMPLATES: Readonly<Record<string, { readonly path: readonly string[]; readonly ownerKind: string }>> = {
  Deployment: { path: POD_TEMPLATE, ownerKind: 'Pod' },
  StatefulSet: { path: POD_TEMPLATE, ownerKind: 'Pod' },
  DaemonSet: { path: POD_TEMPLATE, ownerKind: 'Pod' },
  ReplicaSet: { path: POD_TEMPLATE, ownerKind: 'Pod' },
  Job: { path: POD_TEMPLATE, ownerKind: 'Pod' },
  CronJob: { path: ['spec', 'jobTemplate', 'spec', 'template', 'metadata'], ownerKind: 'Pod' },
  WorkloadGroup: { path: ['spec', 'metadata'], ownerKind: 'WorkloadEntry' },
};

/** The path of the metadata of what a kind makes, such as the pods of a Deployment. */
export function templateOf(kind: string): { readonly path: readonly string[]; readonly ownerKind: string } | undefined {
  return Object.hasOwn(TEMPLATES, kind) ? TEMPLATES[kind] : undefined;
}

/** The labels and annotations of a resource and of the pods that it makes. */
export function metadataPlaces(kind: string, root: YamlNode): readonly MetadataMap[] {
  const template = templateOf(kind);
  const own = mapsIn(at(root, 'metadata'), kind);
  return template ? [...own, ...mapsIn(at(root, ...template.path), template.ownerKind)] : own;
}

function mapsIn(metadata: YamlNode | undefined, ownerKind: string): MetadataMap[] {
  const holder = asMap(metadata);
  if (!holder) return [];
  return (['label', 'annotation'] as const).flatMap((place) => {
    const map = asMap(at(holder, `${place}s`));
    return map ? [{ place, ownerKind, metadata: holder, map }] : [];
  });
}
