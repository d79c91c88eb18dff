// Layer 1: what a resource may look like. One file per kind under istio/, linkerd/, gatewayApi/, smi/ and kubernetes/,
// each a zod definition with our own documentation; this file holds the words they are written in.
import * as z from 'zod/mini';
import type { Rule } from './rule.ts';

/** The proxies that can read a field. `control-plane` stands for istiod or the Linkerd controllers alone. */
export type Reader = 'ztunnel' | 'waypoint' | 'sidecar' | 'gateway' | 'linkerd-proxy' | 'control-plane';

/** Facts about one field beside its type. Versions are releases of the kind's project, such as `1.24`. */
export interface FieldFacts {
  /** What an absent field means, as the user would write it; or a phrase, such as `all ports`. */
  readonly default?: string | number | boolean;
  /** First release that has the field; absent when it is as old as the oldest release we know. */
  readonly since?: string;
  /** Set when deprecated. `use` names the field that replaces it, as a path from the same parent. */
  readonly deprecated?: { readonly note: string; readonly use?: string; readonly since?: string };
  /** Only the experimental channel of the Gateway API has it. */
  readonly channel?: 'experimental';
  /** The API versions that have the field, when not all of the kind's versions do. */
  readonly versions?: readonly string[];
  /** Who reads it. Inherited from the enclosing field when absent. */
  readonly readBy?: readonly Reader[];
  /** True when the field needs an L7 proxy. Inherited like `readBy`. */
  readonly l7?: boolean;
}

export interface FieldDoc extends FieldFacts {
  /** What the field does for the mesh: whole sentences in Markdown, our own words. */
  readonly doc: string;
}

export interface ValueDoc {
  readonly doc: string;
  readonly since?: string;
  readonly deprecated?: string;
  readonly channel?: 'experimental';
}

export interface TypeFacts {
  readonly rules?: readonly Rule[];
  /** Members of a list are unique by these keys (`x-kubernetes-list-map-keys`). */
  readonly mapKeys?: readonly string[];
  /** Members of a list are unique as a whole (`x-kubernetes-list-type: set`). */
  readonly unique?: boolean;
  /** Values of an enum, in the order in which they are offered. */
  readonly values?: ReadonlyMap<string, ValueDoc>;
  /** Values that are often meant where others are possible too: offered and explained, never required. */
  readonly suggestions?: ReadonlyMap<string, ValueDoc>;
  /** What a pattern means, for the message: `a DNS label`. */
  readonly patternMeaning?: string;
  /** Limits on how many entries a map may have. */
  readonly minEntries?: number;
  readonly maxEntries?: number;
  /** Written as `0644`-like or huge numbers, both forms are right: `x-kubernetes-int-or-string`. */
  readonly intOrString?: boolean;
}

export type Type = z.core.$ZodType;

/** Documentation by field schema, and facts by type schema that zod itself has no place for. */
export const fieldDocs = new WeakMap<Type, FieldDoc>();
export const typeFacts = new WeakMap<Type, TypeFacts>();

function withFacts<T extends Type>(type: T, facts: TypeFacts): T {
  if (Object.values(facts).some((fact) => fact !== undefined)) typeFacts.set(type, facts);
  return type;
}

interface StringFacts {
  min?: number;
  max?: number;
  pattern?: RegExp;
  /** What the pattern means, for the message; required with `pattern` so that no user reads a regular expression. */
  means?: string;
  /** Well-known values with what they do, where others are possible too. */
  suggest?: Readonly<Record<string, string>>;
  rules?: readonly Rule[];
}

export function string(facts: StringFacts = {}) {
  const checks: z.core.$ZodCheck<string>[] = [];
  if (facts.min !== undefined) checks.push(z.minLength(facts.min));
  if (facts.max !== undefined) checks.push(z.maxLength(facts.max));
  if (facts.pattern) checks.push(z.regex(facts.pattern));
  return withFacts(z.string().check(...checks), {
    rules: facts.rules,
    patternMeaning: facts.means,
    suggestions: suggestions(facts.suggest),
  });
}

function suggestions(values: Readonly<Record<string, string>> | undefined): ReadonlyMap<string, ValueDoc> | undefined {
  return values && new Map(Object.entries(values).map(([value, doc]) => [value, { doc }]));
}

interface NumberFacts {
  min?: number;
  max?: number;
  /** Well-known numbers with what they mean. */
  suggest?: Readonly<Record<string, string>>;
  rules?: readonly Rule[];
}

function limits(facts: NumberFacts): z.core.$ZodCheck<number>[] {
  const checks: z.core.$ZodCheck<number>[] = [];
  if (facts.min !== undefined) checks.push(z.gte(facts.min));
  if (facts.max !== undefined) checks.push(z.lte(facts.max));
  return checks;
}

export function int(facts: NumberFacts = {}) {
  return withFacts(z.int().check(...limits(facts)), { rules: facts.rules, suggestions: suggestions(facts.suggest) });
}

export function number(facts: NumberFacts = {}) {
  return withFacts(z.number().check(...limits(facts)), { rules: facts.rules });
}

export function bool() {
  return z.boolean();
}

/** A port number or a name, a count or a percentage: both forms are valid. */
export function intOrString(facts: { pattern?: RegExp; means?: string; rules?: readonly Rule[] } = {}) {
  const text = facts.pattern ? z.string().check(z.regex(facts.pattern)) : z.string();
  const type = z.union([z.int(), text]);
  return withFacts(type, { intOrString: true, rules: facts.rules, patternMeaning: facts.means });
}

/** An enum: every value with what it does. */
export function choice<const V extends string>(values: Record<V, string | ValueDoc>, rules?: readonly Rule[]) {
  const documented = new Map<string, ValueDoc>();
  for (const [value, doc] of Object.entries<string | ValueDoc>(values)) {
    documented.set(value, typeof doc === 'string' ? { doc } : doc);
  }
  return withFacts(z.enum(Object.keys(values) as [V, ...V[]]), { values: documented, rules });
}

interface ListFacts {
  min?: number;
  max?: number;
  mapKeys?: readonly string[];
  unique?: boolean;
  rules?: readonly Rule[];
}

export function list<T extends Type>(item: T, facts: ListFacts = {}) {
  const checks: z.core.$ZodCheck<z.core.output<T>[]>[] = [];
  if (facts.min !== undefined) checks.push(z.minLength(facts.min));
  if (facts.max !== undefined) checks.push(z.maxLength(facts.max));
  const { mapKeys, unique, rules } = facts;
  return withFacts(z.array(item).check(...checks), { mapKeys, unique, rules });
}

/** A map with free keys, such as labels. */
export function map<T extends Type>(value: T, facts: { min?: number; max?: number; rules?: readonly Rule[] } = {}) {
  return withFacts(z.record(z.string(), value), { minEntries: facts.min, maxEntries: facts.max, rules: facts.rules });
}

/** Anything at all: the value is not ours to judge (`x-kubernetes-preserve-unknown-fields` or an opaque struct). */
export function anything() {
  return z.unknown();
}

/** An object with the given fields and no others. */
export function object<S extends Record<string, Type>>(fields: S, facts: { rules?: readonly Rule[] } = {}) {
  return withFacts(z.strictObject(fields), { rules: facts.rules });
}

/** An object whose known fields are documented and which takes others too (`x-kubernetes-preserve-unknown-fields`). */
export function openObject<S extends Record<string, Type>>(fields: S, facts: { rules?: readonly Rule[] } = {}) {
  return withFacts(z.looseObject(fields), { rules: facts.rules });
}

/** An optional field with its documentation. */
export function field<T extends Type>(type: T, doc: string, facts: FieldFacts = {}) {
  const schema = z.optional(type);
  fieldDocs.set(schema, { doc, ...facts });
  return schema;
}

/** A field that must be there. */
export function required<T extends Type>(type: T, doc: string, facts: FieldFacts = {}) {
  const schema = z.nonoptional(type);
  fieldDocs.set(schema, { doc, ...facts });
  return schema;
}

/** A part that several kinds share. Built once, on first use, so that loading a kind's file costs nothing. */
export function fragment<T>(build: () => T): () => T {
  let built: { readonly value: T } | undefined;
  return () => {
    built ??= { value: build() };
    return built.value;
  };
}
