import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { JsonSchema } from './jsonSchema.ts';

// Reads the TypeScript declarations that kubernetes-models publishes back into the JSON schema definitions of
// Kubernetes that they were made from: names, types, required fields, enums, references and descriptions.

/** Every definition of the stable API versions, by the name that Kubernetes gives it. */
export function kubernetesDefinitions(modules: string): Record<string, JsonSchema> {
  const files = declarationFiles(modules);
  const names = new Map(files.flatMap(({ text, name }) => aliases(text).map((alias) => [alias, name] as const)));
  return Object.fromEntries(files.map(({ text, name, kind }) => [name, definition(text, name, kind, names)]));
}

interface DeclarationFile {
  readonly name: string;
  readonly kind: string;
  readonly text: string;
}

function declarationFiles(modules: string): DeclarationFile[] {
  const packages = [
    { folder: path.join(modules, 'kubernetes-models'), nameOf: kubernetesName },
    { folder: path.join(modules, '@kubernetes-models/apimachinery'), nameOf: machineryName },
  ];
  return packages.flatMap(({ folder, nameOf }) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.d.ts') && !/(?:^|[\\/])(?:_schemas[\\/]|index\.d\.ts$)/.test(file))
      .sort()
      .flatMap((file) => {
        const parts = file.slice(0, -'.d.ts'.length).split(path.sep);
        const name = nameOf(parts);
        return name ? [{ name, kind: parts.at(-1) ?? '', text: readFileSync(path.join(folder, file), 'utf8') }] : [];
      }),
  );
}

function kubernetesName(parts: readonly string[]): string | undefined {
  const [group, version, kind] = parts.length === 2 ? ['core', ...parts] : parts;
  if (!group || !version || !kind || !/^v\d+$/.test(version)) return undefined;
  return `io.k8s.api.${group.split('.')[0]}.${version}.${kind}`;
}

function machineryName(parts: readonly string[]): string {
  return `io.k8s.apimachinery.pkg.${parts.join('.')}`;
}

/** The name under which other files import the declaration. */
function aliases(text: string): string[] {
  return [...text.matchAll(/\bI\w+ as (IIoK8s\w+)/g)].map(([, alias]) => alias ?? '');
}

function definition(text: string, name: string, kind: string, names: ReadonlyMap<string, string>): JsonSchema {
  const declared = [...text.matchAll(/^export (?:interface|type) I(\w+)\b[^={]*=?/gm)];
  const start = declared.find(([, declaredName]) => declaredName === kind);
  if (!start) throw new Error(`${name}: the declaration has another form than expected`);
  const tokens = [...text.slice(start.index + start[0].length).matchAll(TOKEN)].map(([token]) => token);
  const refer = (identifier: string): JsonSchema => {
    const target = identifier === `I${kind}` ? name : names.get(identifier);
    return target ? { $ref: `#/definitions/${target}` } : {};
  };
  const description = lastComment(text.slice(0, start.index));
  return { ...(description && { description }), ...typeReader(tokens, refer)() };
}

const TOKEN = /\/\*\*[\s\S]*?\*\/|"(?:[^"\\]|\\.)*"|[\w$.]+|[{}[\]<>():;?|,]/g;

function lastComment(text: string): string {
  const start = text.trimEnd().endsWith('*/') ? text.lastIndexOf('/**') : -1;
  return start < 0 ? '' : commentText(text.slice(start));
}

function commentText(comment: string): string {
  return comment
    .slice('/**'.length)
    .replace(/\*\/\s*$/, '')
    .replaceAll(/^[ \t]*\*[ \t]?/gm, '')
    .trim();
}

/** Reads one type from the tokens of a declaration. */
function typeReader(tokens: readonly string[], refer: (identifier: string) => JsonSchema): () => JsonSchema {
  let at = 0;
  const take = (expected?: string) => {
    const token = tokens[at++] ?? '';
    if (expected !== undefined && token !== expected) throw new Error(`expected ${expected}, found ${token}`);
    return token;
  };
  const skip = (token: string) => tokens[at] === token && ++at > 0;

  const type = (): JsonSchema => {
    skip('|');
    const members = [single()];
    while (skip('|')) members.push(single());
    const [first] = members;
    if (first && members.length === 1) return first;
    const values = members.flatMap((member) => member.enum ?? []);
    return values.length === members.length ? { type: 'string', enum: values } : { anyOf: members };
  };
  const single = (): JsonSchema => {
    let schema = primary();
    while (skip('[')) {
      take(']');
      schema = { type: 'array', items: schema };
    }
    return schema;
  };
  const primary = (): JsonSchema => {
    const token = take();
    if (token === '{') return members();
    if (token === '(') return closed(type, ')');
    if (token.startsWith('"')) return { type: 'string', enum: [JSON.parse(token)] };
    if (token === 'Array') {
      take('<');
      return { type: 'array', items: closed(type, '>') };
    }
    if (token === 'string' || token === 'number' || token === 'boolean' || token === 'null') return { type: token };
    return refer(token);
  };
  const closed = (read: () => JsonSchema, bracket: string) => {
    const schema = read();
    take(bracket);
    return schema;
  };
  const members = (): JsonSchema => {
    const properties: Record<string, JsonSchema> = {};
    const required: string[] = [];
    let others: JsonSchema | false = false;
    while (!skip('}')) {
      const description = tokens[at]?.startsWith('/**') ? commentText(take()) : '';
      if (skip('[')) {
        while (take() !== ']');
        take(':');
        others = type();
      } else {
        const name = take().replaceAll('"', '');
        if (!skip('?')) required.push(name);
        take(':');
        properties[name] = { ...type(), ...(description && { description }) };
      }
      skip(';');
    }
    return { type: 'object', properties, additionalProperties: others, ...(required.length > 0 && { required }) };
  };
  return type;
}
