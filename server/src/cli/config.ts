import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import * as z from 'zod/mini';
import { allChecks } from '../core/checks/catalog.ts';
import { SYNTAX_MESSAGES } from '../core/checks/syntax.ts';
import { parseDocument } from '../core/yaml/parse.ts';
import { booleanOf, numberOf } from '../core/yaml/scalar.ts';
import type { YamlNode } from '../core/yaml/tree.ts';
import { type ReadText, readText } from '../disk/readText.ts';
import { LineIndex } from '../lineIndex.ts';
import { issueText } from '../protocol/issueText.ts';
import { type Settings, settingsSchema } from '../protocol/settings.ts';
import { shownPath } from './inputs.ts';
import { type Terminal, UsageError } from './terminal.ts';

export interface Config {
  readonly settings: Settings;
  /** Globs in the settings are relative to it: the folder of the file, else the current one. */
  readonly folder: string;
}

export const CONFIG_NAME = '.meshpath.yaml';
const MAX_CONFIG_LENGTH = 256 * 1024;

/** Reads the settings for a run. Throws a `UsageError` that names the file and the place in it. */
export async function readConfig(named: string | undefined, terminal: Terminal): Promise<Config> {
  const path = named === undefined ? findConfig(terminal.cwd) : resolve(terminal.cwd, named);
  if (path === undefined) return { settings: settingsSchema.parse({}), folder: terminal.cwd };
  const shown = named ?? shownPath(path, terminal.cwd);
  const content = await readText(path, MAX_CONFIG_LENGTH);
  if (content.kind !== 'text') throw new UsageError(`cannot read the settings "${shown}": ${whyUnread(content)}`);
  return {
    settings: parseSettings(shown, content.text, (text) => terminal.warn(`meshpath: ${text}\n`)),
    folder: dirname(path),
  };
}

function whyUnread(content: Exclude<ReadText, { kind: 'text' }>): string {
  switch (content.kind) {
    case 'not-utf8':
      return 'it is not UTF-8';
    case 'too-large':
      return 'it is too large to be settings';
    case 'unreadable':
      return content.reason;
  }
}

/** The nearest file above, but none from outside the repository. */
function findConfig(from: string): string | undefined {
  for (let folder = from; ; folder = dirname(folder)) {
    const path = join(folder, CONFIG_NAME);
    if (existsSync(path)) return path;
    if (existsSync(join(folder, '.git')) || dirname(folder) === folder) return undefined;
  }
}

/** `file` is how messages name the file. `warn` gets what is odd but no reason to stop. */
export function parseSettings(file: string, text: string, warn: (message: string) => void): Settings {
  const lines = new LineIndex(text);
  const at = (offset: number) => {
    const { line, character } = lines.positionAt(offset);
    return `${file}:${line + 1}:${character + 1}`;
  };
  const { root, problems } = parseDocument(text);
  const [problem] = problems;
  if (problem) throw new UsageError(`${at(problem.start)}: ${SYNTAX_MESSAGES[problem.code]}`);
  const schema: JsonSchema = z.toJSONSchema(settingsSchema, { io: 'input' }) as JsonSchema;
  const value = plainValue(root, schema, (node) => {
    throw new UsageError(`${at(node.start)}: aliases are not supported in settings`);
  });
  const place = (path: readonly PropertyKey[]) => at(nodeAt(root, path)?.start ?? 0);
  const unknown = unknownKey(value ?? {}, schema);
  if (unknown)
    throw new UsageError(
      `${place(unknown.path)}: there is no setting "${unknown.path.join('.')}"; there are ${unknown.known.join(', ')}`,
    );
  const result = settingsSchema.safeParse(value ?? {});
  if (!result.success) {
    const [issue] = result.error.issues;
    const path = issue?.path ?? [];
    throw new UsageError(
      `${place(path)}: ${path.join('.') || 'the file'} ${issue ? issueText(issue) : 'is not valid'}`,
    );
  }
  const codes = new Set(allChecks().map(({ code }) => code));
  for (const code of Object.keys(result.data.checks)) {
    if (!codes.has(code)) warn(`${place(['checks', code])}: there is no check "${code}"`);
  }
  return result.data;
}

/** What is used of the settings' JSON schema. */
interface JsonSchema {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly additionalProperties?: JsonSchema;
  readonly items?: JsonSchema;
}

/** The value of a tree as JSON would have it. Depth is bounded by the parser. */
function plainValue(
  node: YamlNode | null,
  schema: JsonSchema | undefined,
  onAlias: (node: YamlNode) => never,
): unknown {
  if (node === null) return undefined;
  switch (node.kind) {
    case 'alias':
      return onAlias(node);
    case 'seq':
      return node.items.map((item) => plainValue(item, schema?.items, onAlias));
    case 'map': {
      const result: Record<string, unknown> = Object.create(null);
      for (const { key, value } of node.entries)
        result[key.text] = plainValue(value, schemaBelow(schema, key.text), onAlias);
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
