import type * as z from 'zod/mini';
import { type FieldDoc, fieldDocs, type Type, typeFacts, type ValueDoc } from './define.ts';
import type { Rule } from './rule.ts';

/**
 * A zod definition in the form in which the walks read it: plain data, resolved once, shared wherever the definition is
 * shared. zod stays the one place where a type is said; nothing here can say something else.
 */
export type Shape =
  | ObjectShape
  | MapShape
  | ListShape
  | StringShape
  | NumberShape
  | BoolShape
  | IntOrStringShape
  | AnyShape;

interface ShapeFacts {
  readonly rules: readonly Rule[];
}

export interface ObjectShape extends ShapeFacts {
  readonly type: 'object';
  readonly fields: ReadonlyMap<string, Field>;
  /** Those of the fields that must be set. */
  readonly required: readonly Field[];
  /** Takes fields beside those it names. */
  readonly open: boolean;
}

export interface Field {
  readonly name: string;
  readonly shape: Shape;
  readonly required: boolean;
  readonly doc: FieldDoc;
}

export interface MapShape extends ShapeFacts {
  readonly type: 'map';
  readonly value: Shape;
  readonly min?: number;
  readonly max?: number;
}

export interface ListShape extends ShapeFacts {
  readonly type: 'list';
  readonly item: Shape;
  readonly min?: number;
  readonly max?: number;
  readonly mapKeys: readonly string[];
  readonly unique: boolean;
}

export interface StringShape extends ShapeFacts {
  readonly type: 'string';
  readonly values?: ReadonlyMap<string, ValueDoc>;
  readonly suggestions?: ReadonlyMap<string, ValueDoc>;
  readonly min?: number;
  readonly max?: number;
  readonly pattern?: RegExp;
  readonly patternMeaning?: string;
}

export interface NumberShape extends ShapeFacts {
  readonly type: 'int' | 'number';
  readonly suggestions?: ReadonlyMap<string, ValueDoc>;
  readonly min?: number;
  readonly max?: number;
}

export interface BoolShape extends ShapeFacts {
  readonly type: 'bool';
}

export interface IntOrStringShape extends ShapeFacts {
  readonly type: 'intOrString';
  readonly pattern?: RegExp;
  readonly patternMeaning?: string;
}

export interface AnyShape extends ShapeFacts {
  readonly type: 'any';
}

export function objectShape(
  fields: ReadonlyMap<string, Field>,
  open = false,
  rules: readonly Rule[] = [],
): ObjectShape {
  return { type: 'object', fields, required: [...fields.values()].filter((field) => field.required), open, rules };
}

const shapes = new WeakMap<Type, Shape>();

export function shapeOf(type: Type): Shape {
  let shape = shapes.get(type);
  if (!shape) {
    shape = build(type);
    shapes.set(type, shape);
  }
  return shape;
}

type Def = z.core.$ZodTypes['_zod']['def'];

function build(type: Type): Shape {
  const facts = typeFacts.get(type) ?? {};
  const rules = facts.rules ?? [];
  const def = (type as z.core.$ZodTypes)._zod.def;
  switch (def.type) {
    case 'object': {
      const open = def.catchall?._zod.def.type === 'unknown';
      return objectShape(fieldsOf(def.shape), open, rules);
    }
    case 'array':
      return {
        type: 'list',
        item: shapeOf(def.element),
        ...sizes(def),
        mapKeys: facts.mapKeys ?? [],
        unique: facts.unique === true,
        rules,
      };
    case 'record':
      return { type: 'map', value: shapeOf(def.valueType), min: facts.minEntries, max: facts.maxEntries, rules };
    case 'string':
      return {
        type: 'string',
        ...sizes(def),
        suggestions: facts.suggestions,
        pattern: patternOf(def),
        patternMeaning: facts.patternMeaning,
        rules,
      };
    case 'enum':
      return { type: 'string', values: facts.values, rules };
    case 'number':
      return { type: 'format' in def ? 'int' : 'number', ...sizes(def), suggestions: facts.suggestions, rules };
    case 'boolean':
      return { type: 'bool', rules };
    case 'union':
      return {
        type: 'intOrString',
        pattern: def.options.map((option) => patternOf((option as z.core.$ZodTypes)._zod.def)).find(Boolean),
        patternMeaning: facts.patternMeaning,
        rules,
      };
    case 'optional':
    case 'nonoptional':
      return shapeOf(def.innerType);
    default:
      return { type: 'any', rules };
  }
}

function fieldsOf(shape: Readonly<Record<string, Type>>): Map<string, Field> {
  const fields = new Map<string, Field>();
  for (const [name, schema] of Object.entries(shape)) {
    const doc = fieldDocs.get(schema) ?? { doc: '' };
    fields.set(name, {
      name,
      shape: shapeOf(schema),
      required: (schema as z.core.$ZodTypes)._zod.def.type !== 'optional',
      doc,
    });
  }
  return fields;
}

function checksOf(def: Def): z.core.$ZodChecks['_zod']['def'][] {
  return ('checks' in def ? (def.checks ?? []) : []).map((check) => (check as z.core.$ZodChecks)._zod.def);
}

function sizes(def: Def): { min?: number; max?: number } {
  const result: { min?: number; max?: number } = {};
  for (const check of checksOf(def)) {
    if (check.check === 'min_length') result.min = check.minimum;
    if (check.check === 'max_length') result.max = check.maximum;
    if (check.check === 'greater_than') result.min = Number(check.value);
    if (check.check === 'less_than') result.max = Number(check.value);
  }
  return result;
}

function patternOf(def: Def): RegExp | undefined {
  for (const check of checksOf(def)) {
    if (check.check === 'string_format' && 'pattern' in check && check.pattern instanceof RegExp) return check.pattern;
  }
  return undefined;
}
