import type { ScalarNode } from '../../yaml/tree.ts';
import type { KindDefinition } from '../kind.ts';
import { metadataKey, templateOf } from './meshMetadata.ts';
import type { MetadataKey, MetadataPlace } from './metadataKey.ts';

/** Documentation of mesh labels and annotations, and the question where in a resource they stand. */

type Path = readonly (string | number)[];

export interface MetadataPosition {
  readonly place: MetadataPlace;
  /** The kind that the labels describe: `Pod` for the pod template of a Deployment. */
  readonly ownerKind: string;
  /** The label or annotation at the end of the path; undefined for the map itself. */
  readonly key: string | undefined;
}

const PLACES: Readonly<Record<string, MetadataPlace>> = { labels: 'label', annotations: 'annotation' };

/** Whether a path leads to the labels or annotations of a resource, or of what it makes. */
export function metadataPosition(kind: string, path: Path): MetadataPosition | undefined {
  const template = templateOf(kind);
  const templated = template?.path.every((step, at) => path[at] === step) === true;
  const holder = templated ? template.path.length : 1;
  if (!templated && path[0] !== 'metadata') return undefined;
  const [map, key, ...rest] = path.slice(holder);
  const place = typeof map === 'string' && Object.hasOwn(PLACES, map) ? PLACES[map] : undefined;
  if (place === undefined || rest.length > 0) return undefined;
  return { place, ownerKind: templated ? template.ownerKind : kind, key: typeof key === 'string' ? key : undefined };
}

/** The documentation of a mesh label or annotation under the cursor, or of its value. */
export function metadataHover(
  definition: KindDefinition,
  path: Path,
  scalar: ScalarNode,
  isKey: boolean,
): string | undefined {
  const position = metadataPosition(definition.kind, path);
  if (position?.key === undefined) return undefined;
  const known = metadataKey(position.key, position.place);
  if (!known) return undefined;
  return isKey ? metadataKeyMarkdown(known) : (metadataValueMarkdown(known, scalar.text) ?? metadataKeyMarkdown(known));
}

const MESH_NAMES = { istio: 'Istio', linkerd: 'Linkerd', 'gateway-api': 'Gateway API' } as const;

const REFERENCES = {
  istio: {
    label: 'https://istio.io/latest/docs/reference/config/labels/',
    annotation: 'https://istio.io/latest/docs/reference/config/annotations/',
  },
  linkerd: {
    label: 'https://linkerd.io/2-edge/reference/proxy-configuration/',
    annotation: 'https://linkerd.io/2-edge/reference/proxy-configuration/',
  },
  'gateway-api': {
    label: 'https://gateway-api.sigs.k8s.io/reference/spec/',
    annotation: 'https://gateway-api.sigs.k8s.io/reference/spec/',
  },
} as const;

export function metadataKeyMarkdown(known: MetadataKey): string {
  const mesh = MESH_NAMES[known.mesh];
  const facts = [known.on ? `Read on ${known.on.join(', ')}` : 'Read on any resource', `Takes ${known.value.takes}`];
  if (known.default !== undefined) facts.push(`Default: ${known.default}`);
  if (known.since !== undefined) facts.push(`Since ${mesh} ${known.since}`);
  if (known.setByMesh) facts.push('Written by the mesh itself');
  return [
    `**${known.key}** ${mesh} ${known.place}`,
    ...(known.deprecated ? [`⚠ **Deprecated.** ${known.deprecated.note}`] : []),
    known.doc,
    facts.join(' · '),
    ...valueLines(known),
    `[${mesh} reference](${REFERENCES[known.mesh][known.place]})`,
  ].join('\n\n');
}

function valueLines({ value }: MetadataKey): string[] {
  return value.values ? [[...value.values].map(([name, { doc }]) => `- \`${name}\`: ${doc}`).join('\n')] : [];
}

export function metadataValueMarkdown(known: MetadataKey, value: string): string | undefined {
  const doc = known.value.values?.get(value)?.doc;
  return doc === undefined ? undefined : `\`${known.key}: ${value}\`\n\n${doc}`;
}
