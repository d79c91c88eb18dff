import * as z from 'zod/mini';
import { allChecks } from './core/checks/catalog.ts';
import { SYNTAX_MESSAGES } from './core/checks/syntax.ts';
import { parseDocument } from './core/yaml/parse.ts';
import { booleanOf, numberOf } from './core/yaml/scalar.ts';
import type { YamlNode } from './core/yaml/tree.ts';
import { issueText } from './protocol/issueText.ts';
import { type Settings, settingsSchema } from './protocol/settings.ts';

/** The file with which a workspace gives settings to editors and to the command line alike. */
export const SETTINGS_FILE = '.meshpath.yaml';

export interface SettingsIssue {
  /** An offset in the text. */
  readonly at: number;
  readonly message: string;
}

export type SettingsFileResult =
  | {
      readonly kind: 'settings';
      /** What the file says, without the defaults. */
      readonly given: Readonly<Record<string, unknown>>;
      readonly settings: Settings;
      /** What is odd but no reason to leave the settings alone. */
      readonly oddities: readonly SettingsIssue[];
    }
  | { readonly kind: 'wrong'; readonly issue: SettingsIssue };

/** Reads the text of a settings file. The first thing that is wrong in it spoils all: half of the settings would mislead. */
export function readSettingsFile(text: string): SettingsFileResult {
  const wrong = (at: number, message: string): SettingsFileResult => ({ kind: 'wrong', issue: { at, message } });
  const { root, problems } = parseDocument(text);
  const [problem] = problems;
  if (problem) return wrong(problem.start, SYNTAX_MESSAGES[problem.code]);
  const schema: JsonSchema = z.toJSONSchema(settingsSchema, { io: 'input' }) as JsonSchema;
  const alias = root && firstAlias(root);
  if (alias) return wrong(alias.start, 'aliases are not supported in settings');
  const value = plainValue(root, schema) ?? {};
  const place = (path: readonly PropertyKey[]) => nodeAt(root, path)?.start ?? 0;
  const unknown = unknownKey(value, schema);
  if (unknown)
    return wrong(
      place(unknown.path),
      `there is no setting "${unknown.path.join('.')}"; there are ${unknown.known.join(', ')}`,
    );
  const result = settingsSchema.safeParse(value);
  if (!result.success) {
    const [issue] = result.error.issues;
    const path = issue?.path ?? [];
    return wrong(place(path), `${path.join('.') || 'the file'} ${issue ? issueText(issue) : 'is not valid'}`);
  }
  const codes = new Set(allChecks().map(({ code }) => code));
  const oddities = Object.keys(result.data.checks)
    .filter((code) => !codes.has(code))
    .map((code) => ({ at: place(['checks', code]), message: `there is no check "${code}"` }));
  return { kind: 'settings', given: value as Record<string, unknown>, settings: result.data, oddities };
}

/** What is used of the settings' JSON schema. */
interface JsonSchema {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly additionalProperties?: JsonSchema;
  readonly items?: JsonSchema;
}

/** The first alias of a tree. Depth is bounded by the parser. */
function firstAlias(node: YamlNode): YamlNode | undefined {
  if (node.kind === 'alias') return node;
  const below = node.kind === 'map' ? node.entries.map(({ value }) => value) : node.kind === 'seq' ? node.items : [];
  for (const inner of below) {
    const found = inner ? firstAlias(inner) : undefined;
    if (found) return found;
  }
  return undefined;
}

/** The value of a tree as JSON would have it. Depth is bounded by the parser. */
function plainValue(node: YamlNode | null, schema: JsonSchema | undefined): unknown {
  if (node === null) return undefined;
  switch (node.kind) {
    case 'alias':
      return undefined;
    case 'seq':
      return node.items.map((item) => plainValue(item, schema?.items));
    case 'map': {
      const result: Record<string, unknown> = Object.create(null);
      for (const { key, value } of node.entries) result[key.text] = plainValue(value, schemaBelow(schema, key.text));
      return result;
    }
    case 'scalar':
      // A key without a value asks for the default, and the 1.30 of a release is text, whether in quotes or not.
      if (node.type === 'null') return undefined;
      return schema?.type === 'string' ? node.text : (booleanOf(node) ?? numberOf(node) ?? node.text);
  }
}

function schemaBelow(schema: JsonSchema | undefined, key: string): JsonSchema | undefined {
  const { properties } = schema ?? {};
  return properties && Object.hasOwn(properties, key) ? properties[key] : schema?.additionalProperties;
}

/** The key or item at a path, or the deepest there is on the way to it. */
function nodeAt(root: YamlNode | null, path: readonly PropertyKey[]): YamlNode | undefined {
  let found: YamlNode | undefined;
  let node: YamlNode | undefined = root ?? undefined;
  for (const step of path) {
    if (node?.kind === 'map') {
      const entry: { key: YamlNode; value: YamlNode } | undefined = node.entries.findLast(
        ({ key }) => key.text === step,
      );
      found = entry?.key ?? found;
      node = entry?.value;
    } else if (node?.kind === 'seq') {
      node = node.items[Number(step)];
      found = node ?? found;
    }
  }
  return found;
}

interface Unknown {
  readonly path: readonly string[];
  readonly known: readonly string[];
}

/** The first key that the schema does not have: a misspelled setting would otherwise do nothing, silently. */
function unknownKey(value: unknown, schema: JsonSchema, path: readonly string[] = []): Unknown | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || !schema.properties) return undefined;
  for (const [key, inner] of Object.entries(value)) {
    const below = Object.hasOwn(schema.properties, key) ? schema.properties[key] : undefined;
    if (below === undefined) return { path: [...path, key], known: Object.keys(schema.properties) };
    const found = unknownKey(inner, below, [...path, key]);
    if (found) return found;
  }
  return undefined;
}
