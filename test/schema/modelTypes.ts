import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Flat } from './flatten.ts';

/**
 * Reads the type declarations of the @kubernetes-models packages, which are made from the published CRDs and Go types:
 * one interface per kind, with literal unions for enums and a question mark for what is optional.
 */
export type ModelType =
  | { readonly is: 'string' | 'number' | 'bool' | 'any' | 'intOrString' }
  | { readonly is: 'enum'; readonly values: readonly string[] }
  | { readonly is: 'list'; readonly item: ModelType }
  | { readonly is: 'map'; readonly value: ModelType }
  | { readonly is: 'object'; readonly fields: ReadonlyMap<string, ModelField> };

interface ModelField {
  readonly required: boolean;
  readonly type: ModelType;
}

type Fields = Map<string, ModelField>;

const PRIMITIVES: Readonly<Record<string, ModelType>> = {
  string: { is: 'string' },
  number: { is: 'number' },
  boolean: { is: 'bool' },
  any: { is: 'any' },
  unknown: { is: 'any' },
  object: { is: 'any' },
};

class DeclarationReader {
  readonly #file: string;
  readonly #source: string;
  #tokens: string[] = [];
  #at = 0;

  constructor(file: string) {
    this.#file = file;
    this.#source = readFileSync(file, 'utf8').replaceAll(/\/\*[\s\S]*?\*\//g, '');
  }

  /** The type that `export interface` or `export type` gives this name. */
  read(name: string): ModelType {
    const declaration = [`export interface ${name} `, `export type ${name} = `]
      .map((start) => [start, this.#source.indexOf(start)] as const)
      .find(([, at]) => at !== -1);
    if (!declaration) return { is: 'any' };
    this.#tokens =
      this.#source.slice(declaration[1] + declaration[0].length).match(/"(?:[^"\\]|\\.)*"|\w+|[^\s\w]/g) ?? [];
    this.#at = 0;
    return this.#extended();
  }

  /** `extends A, B { … }` or what stands without it. Names from other packages (`TypeMeta`) add nothing to a body. */
  #extended(): ModelType {
    const fields: Fields = new Map();
    if (!this.#skip('extends')) return this.#union();
    while (this.#tokens[this.#at] !== '{' && this.#at < this.#tokens.length) {
      const outer = this.#one();
      if (outer.is === 'object') for (const [name, field] of outer.fields) fields.set(name, field);
      this.#skip(',');
    }
    const own = this.#union();
    if (own.is === 'object') for (const [name, field] of own.fields) fields.set(name, field);
    return fields.size === 0 ? own : { is: 'object', fields };
  }

  #next(): string {
    return this.#tokens[this.#at++] ?? '';
  }

  #skip(token: string): boolean {
    if (this.#tokens[this.#at] !== token) return false;
    this.#at++;
    return true;
  }

  #union(): ModelType {
    const parts: ModelType[] = [this.#intersection()];
    while (this.#skip('|')) parts.push(this.#intersection());
    const [first] = parts;
    if (parts.length === 1 && first) return first;
    const values = parts.flatMap((part) => (part.is === 'enum' ? part.values : []));
    if (values.length === parts.length) return { is: 'enum', values };
    const kinds = parts
      .map((part) => part.is)
      .sort()
      .join();
    return { is: kinds === 'number,string' ? 'intOrString' : 'any' };
  }

  /** The parts of an intersection that are no objects say which fields exclude each other, and add none. */
  #intersection(): ModelType {
    let result = this.#one();
    while (this.#skip('&')) {
      const part = this.#one();
      if (result.is === 'object' && part.is === 'object')
        result = { is: 'object', fields: new Map([...part.fields, ...result.fields]) };
      else if (result.is === 'any') result = part;
    }
    return result;
  }

  #one(): ModelType {
    const token = this.#next();
    if (token === '{') return this.#members();
    if (token === '(') {
      const inner = this.#union();
      this.#skip(')');
      return inner;
    }
    if (token.startsWith('"')) return { is: 'enum', values: [JSON.parse(token) as string] };
    if (token === 'Array') {
      this.#skip('<');
      const item = this.#union();
      this.#skip('>');
      return { is: 'list', item };
    }
    if (token === 'Exclude') {
      for (let depth = 0, part = this.#next(); part !== ''; part = this.#next()) {
        depth += part === '<' ? 1 : part === '>' ? -1 : 0;
        if (depth === 0) break;
      }
      return { is: 'any' };
    }
    return PRIMITIVES[token] ?? this.#reference(token);
  }

  #members(): ModelType {
    const fields: Fields = new Map();
    let value: ModelType | undefined;
    while (!this.#skip('}')) {
      if (this.#skip('[')) {
        while (this.#next() !== ']');
        this.#skip(':');
        value = this.#union();
      } else {
        const name = this.#next();
        const optional = this.#skip('?');
        this.#skip(':');
        fields.set(name.replaceAll('"', ''), { required: !optional, type: this.#union() });
      }
      this.#skip(';');
    }
    if (value && fields.size === 0) return { is: 'map', value };
    return fields.size === 0 ? { is: 'any' } : { is: 'object', fields };
  }

  /** A name from another file of the package, whose own name for it is shorter. */
  #reference(name: string): ModelType {
    const imports = [...this.#source.matchAll(/import \{([^}]*)\} from "(\.[^"]+)\.js"/g)];
    const from = imports.find(([, names = '']) => names.split(',').some((imported) => imported.trim() === name))?.[2];
    if (from === undefined) return { is: name === 'IIntOrString' ? 'intOrString' : 'any' };
    const file = join(dirname(this.#file), `${from}.d.ts`);
    return readModel(file);
  }
}

const read = new Map<string, ModelType>();

/** The type of the model in a file: the one that is named like the file, with an I before it. */
export function readModel(file: string): ModelType {
  let model = read.get(file);
  if (!model) {
    const name = file.slice(file.lastIndexOf('/') + 1).replace('.d.ts', '');
    model = existsSync(file) ? new DeclarationReader(file).read(`I${name}`) : { is: 'any' };
    read.set(file, model);
  }
  return model;
}

export function flattenModel(model: ModelType, path = '', out: Flat = new Map()): Flat {
  switch (model.is) {
    case 'object': {
      const required = [...model.fields]
        .filter(([, field]) => field.required)
        .map(([name]) => name)
        .sort();
      out.set(path, `object required(${required})`);
      for (const [name, field] of model.fields) flattenModel(field.type, `${path}.${name}`, out);
      break;
    }
    case 'list':
      out.set(path, 'list');
      flattenModel(model.item, `${path}[]`, out);
      break;
    case 'map':
      out.set(path, 'map');
      flattenModel(model.value, `${path}.*`, out);
      break;
    case 'enum':
      out.set(path, `string enum(${[...model.values].sort()})`);
      break;
    default:
      out.set(path, model.is);
  }
  return out;
}
