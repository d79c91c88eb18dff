import { KINDS, specShape } from '../../server/src/core/schema/catalog.ts';
import { apiVersionOf, type KindDefinition } from '../../server/src/core/schema/kind.ts';
import { objectMeta } from '../../server/src/core/schema/metadata.ts';
import { type Field, type ObjectShape, type Shape, shapeOf } from '../../server/src/core/schema/shape.ts';

/** As much of JSON schema as the measured servers are given. */
export interface JsonSchema {
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly additionalProperties?: JsonSchema | boolean;
  readonly required?: readonly string[];
  readonly items?: JsonSchema;
  readonly enum?: readonly string[];
  readonly const?: string;
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly uniqueItems?: boolean;
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly allOf?: readonly JsonSchema[];
  readonly if?: JsonSchema;
  readonly then?: JsonSchema;
  readonly $ref?: string;
  readonly definitions?: Readonly<Record<string, JsonSchema>>;
}

export interface KindSchema {
  readonly definition: KindDefinition;
  readonly version: string;
  readonly apiVersion: string;
  readonly schema: JsonSchema;
}

/** The schema of every version of every mesh kind, made from our own definitions: what a catalog of CRDs would hold. */
export function meshSchemas(): KindSchema[] {
  return KINDS.filter(({ project }) => project !== 'kubernetes').flatMap((definition) =>
    Object.keys(definition.versions).map((version) => {
      const apiVersion = apiVersionOf(definition.group, version);
      return { definition, version, apiVersion, schema: kindSchema(definition, version, apiVersion) };
    }),
  );
}

function kindSchema(definition: KindDefinition, version: string, apiVersion: string): JsonSchema {
  const body = definition.body ?? 'spec';
  return {
    type: 'object',
    description: definition.doc,
    properties: {
      apiVersion: { type: 'string', enum: [apiVersion] },
      kind: { type: 'string', enum: [definition.kind] },
      metadata: jsonSchema(shapeOf(objectMeta())),
      [body]: jsonSchema(specShape(definition, version)),
      status: { type: 'object' },
    },
    required: ['apiVersion', 'kind', ...(definition.specRequired ? [body] : [])],
    additionalProperties: false,
  };
}

function jsonSchema(shape: Shape): JsonSchema {
  switch (shape.type) {
    case 'object':
      return objectSchema(shape);
    case 'map':
      return { type: 'object', additionalProperties: jsonSchema(shape.value) };
    case 'list': {
      const { min: minItems, max: maxItems } = shape;
      return {
        type: 'array',
        items: jsonSchema(shape.item),
        minItems,
        maxItems,
        uniqueItems: shape.unique || undefined,
      };
    }
    case 'string': {
      const { values, min: minLength, max: maxLength, pattern } = shape;
      return { type: 'string', enum: values && [...values.keys()], minLength, maxLength, pattern: pattern?.source };
    }
    case 'int':
    case 'number':
      return { type: shape.type === 'int' ? 'integer' : 'number', minimum: shape.min, maximum: shape.max };
    case 'bool':
      return { type: 'boolean' };
    case 'intOrString':
      return { anyOf: [{ type: 'integer' }, { type: 'string', pattern: shape.pattern?.source }] };
    case 'any':
      return {};
  }
}

function objectSchema({ fields, open }: ObjectShape): JsonSchema {
  const all = [...fields.values()];
  return {
    type: 'object',
    properties: Object.fromEntries(all.map((field) => [field.name, described(field)])),
    required: all.filter(({ required }) => required).map(({ name }) => name),
    additionalProperties: open,
  };
}

function described({ shape, doc }: Field): JsonSchema {
  return { ...jsonSchema(shape), description: doc.doc };
}

/** One schema for all mesh kinds, which chooses by apiVersion and kind: the quickest that a JSON schema can be. */
export function combinedSchema(kinds: readonly KindSchema[]): JsonSchema {
  const named = kinds.map((kind) => ({
    ...kind,
    name: `${kind.apiVersion.replaceAll('/', '_')}_${kind.definition.kind}`,
  }));
  const known = (values: readonly string[]): JsonSchema => ({
    anyOf: [{ enum: [...new Set(values)] }, { type: 'string' }],
  });
  return {
    type: 'object',
    properties: {
      apiVersion: known(kinds.map(({ apiVersion }) => apiVersion)),
      kind: known(kinds.map(({ definition }) => definition.kind)),
      metadata: { type: 'object' },
    },
    allOf: named.map(({ name, apiVersion, definition }) => ({
      if: {
        required: ['apiVersion', 'kind'],
        properties: { apiVersion: { const: apiVersion }, kind: { const: definition.kind } },
      },
      // biome-ignore lint/suspicious/noThenProperty: the keyword of JSON schema; nobody awaits a schema.
      then: { $ref: `#/definitions/${name}` },
    })),
    definitions: Object.fromEntries(named.map(({ name, schema }) => [name, schema])),
  };
}
