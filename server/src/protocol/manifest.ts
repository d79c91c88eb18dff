import * as z from 'zod/mini';
import { SETTING_DOCS, settingsSchema } from './settings.ts';

/** A part of the manifest's JSON schema. */
export interface SettingSchema {
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly default?: unknown;
  readonly properties?: Readonly<Record<string, SettingSchema>>;
  readonly additionalProperties?: SettingSchema | false;
  readonly items?: SettingSchema;
  readonly markdownDescription?: string;
}

export interface ConfigurationSection {
  readonly title: string;
  readonly properties: Readonly<Record<string, SettingSchema>>;
}

/** Read by the language client itself, so that it is no part of what the server gets. */
const TRACE: SettingSchema = {
  type: 'string',
  enum: ['off', 'messages', 'verbose'],
  default: 'off',
  markdownDescription: 'What is written to the output of the extension about its talk with the language server.',
};

/** The section `contributes.configuration` of the manifest, made from the schema of the settings and their docs. */
export function configurationSection(): ConfigurationSection {
  const root = z.toJSONSchema(settingsSchema, { io: 'input' }) as SettingSchema;
  const properties: Record<string, SettingSchema> = {};
  for (const [name, schema] of settingsBelow(root, '')) properties[`meshpath.${name}`] = schema;
  properties['meshpath.trace.server'] = TRACE;
  return { title: 'Meshpath', properties };
}

/** Settings as the editor lists them: what has docs is one, a group without docs of its own is opened. */
function settingsBelow({ properties = {} }: SettingSchema, prefix: string): [string, SettingSchema][] {
  return Object.entries(properties).flatMap(([key, schema]): [string, SettingSchema][] => {
    const name = prefix + key;
    const doc = SETTING_DOCS[name];
    if (doc !== undefined) return [[name, { ...closed(schema), markdownDescription: doc }]];
    if (schema.properties === undefined) throw new Error(`the setting ${name} has no docs`);
    return settingsBelow(schema, `${name}.`);
  });
}

/** The same schema, by which the editor marks misspelled keys and which has no facts that only JSON Schema needs. */
function closed({
  type,
  enum: values,
  default: fallback,
  properties,
  additionalProperties,
  items,
}: SettingSchema): SettingSchema {
  return {
    ...(type === undefined ? {} : { type }),
    ...(values === undefined ? {} : { enum: values }),
    ...(fallback === undefined ? {} : { default: fallback }),
    ...(properties === undefined ? {} : { properties: mapped(properties), additionalProperties: false as const }),
    ...(additionalProperties ? { additionalProperties: closed(additionalProperties) } : {}),
    ...(items === undefined ? {} : { items: closed(items) }),
  };
}

function mapped(properties: Readonly<Record<string, SettingSchema>>): Record<string, SettingSchema> {
  return Object.fromEntries(Object.entries(properties).map(([key, schema]) => [key, closed(schema)]));
}
