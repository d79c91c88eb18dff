import type { ValueForm } from './metadataValues.ts';

/** How a label or annotation that a mesh reads is described. The tables are meshMetadata*.ts, one or more for each mesh. */

export type MetadataPlace = 'label' | 'annotation';
export type Mesh = 'istio' | 'linkerd' | 'gateway-api';

export interface MetadataKey {
  readonly key: string;
  readonly place: MetadataPlace;
  readonly mesh: Mesh;
  /** The kinds on which it is read; `Pod` stands for pod templates too. Absent: any kind. */
  readonly on?: readonly string[];
  readonly value: ValueForm;
  /** What an absent key means: a value, or a phrase. */
  readonly default?: string;
  /** First release of the mesh that has it; absent when it is as old as the oldest release we know. */
  readonly since?: string;
  readonly deprecated?: {
    readonly note: string;
    readonly use?: { readonly key: string; readonly place: MetadataPlace };
  };
  /** Written by the mesh, not by people: explained, but not offered, and never reported. */
  readonly setByMesh?: true;
  /** A wrong value turns off without a word what the key was meant to do, so that it is an error. */
  readonly strict?: true;
  /** On other kinds it may stand without being read, as a mere name. */
  readonly harmlessElsewhere?: true;
  /** The kinds of the mesh have rules of their own on its place and value. */
  readonly judgedByKind?: true;
  /** The key is a prefix, followed by a name of the user's choice. */
  readonly isPrefix?: true;
  readonly doc: string;
}

type Facts = Omit<MetadataKey, 'key' | 'place' | 'mesh' | 'on' | 'value' | 'doc'>;

/** Makers for the tables of one mesh: name, kinds (`any` for all), form of the value, documentation. */
export function keysOfMesh(mesh: Mesh) {
  const make =
    (place: MetadataPlace) =>
    (key: string, on: readonly string[] | 'any', value: ValueForm, doc: string, facts: Facts = {}): MetadataKey => ({
      key,
      place,
      mesh,
      ...(on === 'any' ? {} : { on }),
      value,
      doc,
      ...facts,
    });
  return { label: make('label'), annotation: make('annotation') };
}
