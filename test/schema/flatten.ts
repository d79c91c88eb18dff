import type { Shape } from '../../server/src/core/schema/shape.ts';

/** One field path of a schema, reduced to the facts that must be equal: `type; enum; required; limits`. */
export type Flat = Map<string, string>;

/** Which fields of ours take part: those of a release, a channel and an API version. */
export interface Selection {
  readonly version: string;
  readonly channel: 'standard' | 'experimental';
  /** Fields and values that came later than this `major.minor` are left out. */
  readonly release?: string;
}

type Facts = { since?: string; channel?: string; versions?: readonly string[] };

function newer(since: string, release: string): boolean {
  const [a = 0, b = 0] = since.split('.').map(Number);
  const [c = 0, d = 0] = release.split('.').map(Number);
  return a !== c ? a > c : b > d;
}

function selected(facts: Facts, selection: Selection): boolean {
  if (facts.versions && !facts.versions.includes(selection.version)) return false;
  if (facts.channel === 'experimental' && selection.channel === 'standard') return false;
  return !(facts.since && selection.release && newer(facts.since, selection.release));
}

export function flattenShape(shape: Shape, selection: Selection, path = '', out: Flat = new Map()): Flat {
  const facts: string[] = [];
  switch (shape.type) {
    case 'object': {
      const fields = [...shape.fields.values()].filter((field) => selected(field.doc, selection));
      const required = fields
        .filter((field) => field.required)
        .map((field) => field.name)
        .sort();
      facts.push(shape.open ? 'open object' : 'object', `required(${required})`);
      for (const field of fields) flattenShape(field.shape, selection, `${path}.${field.name}`, out);
      break;
    }
    case 'map':
      facts.push('map', limits(shape.min, shape.max));
      flattenShape(shape.value, selection, `${path}.*`, out);
      break;
    case 'list':
      facts.push('list', limits(shape.min, shape.max), `keys(${[...shape.mapKeys].sort()})`, shape.unique ? 'set' : '');
      flattenShape(shape.item, selection, `${path}[]`, out);
      break;
    case 'string': {
      const values =
        shape.values && [...shape.values].filter(([, doc]) => selected(doc, selection)).map(([value]) => value);
      facts.push('string', values ? `enum(${values.sort()})` : limits(shape.min, shape.max));
      break;
    }
    case 'int':
    case 'number':
      facts.push(shape.type, limits(shape.min, shape.max));
      break;
    default:
      facts.push(shape.type);
  }
  out.set(path, facts.filter(Boolean).join(' '));
  return out;
}

function limits(min: number | undefined, max: number | undefined): string {
  return `${min === undefined ? '' : `min ${min}`} ${max === undefined ? '' : `max ${max}`}`.trim();
}

/** The part of OpenAPI v3 that CRDs use. */
export interface OpenApi {
  type?: string;
  properties?: Record<string, OpenApi>;
  additionalProperties?: OpenApi | boolean;
  items?: OpenApi;
  required?: string[];
  enum?: (string | number)[];
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  minItems?: number;
  maxItems?: number;
  minProperties?: number;
  maxProperties?: number;
  format?: string;
  'x-kubernetes-int-or-string'?: boolean;
  'x-kubernetes-preserve-unknown-fields'?: boolean;
  'x-kubernetes-list-map-keys'?: string[];
  'x-kubernetes-list-type'?: string;
}

export function flattenOpenApi(schema: OpenApi, path = '', out: Flat = new Map()): Flat {
  const facts: string[] = [];
  if (schema['x-kubernetes-int-or-string']) facts.push('intOrString');
  else if (schema.properties) {
    facts.push(
      schema['x-kubernetes-preserve-unknown-fields'] ? 'open object' : 'object',
      `required(${[...(schema.required ?? [])].sort()})`,
    );
    for (const [name, child] of Object.entries(schema.properties)) flattenOpenApi(child, `${path}.${name}`, out);
  } else if (typeof schema.additionalProperties === 'object') {
    facts.push('map', limits(schema.minProperties, schema.maxProperties));
    flattenOpenApi(schema.additionalProperties, `${path}.*`, out);
  } else if (schema.items) {
    facts.push(
      'list',
      limits(schema.minItems, schema.maxItems),
      `keys(${[...(schema['x-kubernetes-list-map-keys'] ?? [])].sort()})`,
      schema['x-kubernetes-list-type'] === 'set' ? 'set' : '',
    );
    flattenOpenApi(schema.items, `${path}[]`, out);
  } else if (schema.type === undefined) facts.push('any');
  else if (schema.type === 'object')
    facts.push(schema['x-kubernetes-preserve-unknown-fields'] ? 'open object' : 'object', 'required()');
  else if (schema.type === 'string')
    facts.push(
      'string',
      schema.enum ? `enum(${schema.enum.map(String).sort()})` : limits(schema.minLength, schema.maxLength),
    );
  else if (schema.type === 'integer') facts.push('int', limits(schema.minimum, schema.maximum));
  else if (schema.type === 'number') facts.push('number', limits(schema.minimum, schema.maximum));
  else facts.push(schema.type === 'boolean' ? 'bool' : schema.type);
  out.set(path, facts.filter(Boolean).join(' '));
  return out;
}

/** What differs, one line each: `path: ours … theirs …`. */
export function differences(ours: Flat, theirs: Flat): string[] {
  const paths = [...new Set([...ours.keys(), ...theirs.keys()])].sort();
  return paths
    .filter((path) => ours.get(path) !== theirs.get(path))
    .map(
      (path) => `${path || '(root)'}: ours ${ours.get(path) ?? 'absent'}, published ${theirs.get(path) ?? 'absent'}`,
    );
}
