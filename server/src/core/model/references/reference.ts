// Names: which field of which kind names what, and where that is declared. The tables are table*.ts; each row joins a
// path of a kind with a form of name, and the forms know how a written name is resolved and what could be written.
import { at, text } from '../../yaml/access.ts';
import type { ScalarNode, YamlNode } from '../../yaml/tree.ts';
import type { KindKey, Located, Site } from '../located.ts';
import type { World } from '../world.ts';

export type Path = readonly (string | number)[];

/** Where names are looked up. */
export interface NameScope {
  readonly world: World;
  readonly rootNamespace: string;
}

/** What is declared at a place; rename treats each in its own way. */
export type Sort = 'resource' | 'subset' | 'host' | 'port' | 'listener' | 'rule' | 'label' | 'provider';

/** The scalar that gives something its name. */
export interface Declaration extends Site {
  readonly node: ScalarNode;
  readonly sort: Sort;
}

/** A field in which a name stands, or is being typed. */
export interface Use {
  readonly located: Located;
  /** Of the field, from the root of the resource. */
  readonly path: Path;
  readonly scope: NameScope;
}

/** Something that could be named at a place. */
export interface Candidate {
  /** The name as it is written here: short in its own namespace, longer elsewhere. */
  readonly name: string;
  readonly detail: string;
  /** Own namespace first; equal ranks are sorted by name. */
  readonly rank: number;
  /** A further field that the name needs beside it, such as the namespace. */
  readonly beside?: { readonly key: string; readonly value: string };
  readonly isNumber?: true;
}

/** One way of naming things: a host, a subset, the name of a kind. */
export interface NameForm {
  readonly noun: string;
  /** Everything that the written text means; empty when nothing in the workspace has that name. */
  resolve(written: string, use: Use): readonly Declaration[];
  candidates(use: Use): readonly Candidate[];
  /** The part of the written text that is the declared name: a host holds a Service's name. All of it when absent. */
  part?(written: string, declaration: Declaration): { readonly start: number; readonly end: number };
}

/** One row of the tables. */
export interface Rule {
  readonly pattern: readonly string[];
  readonly form: NameForm;
}

/** A field in which a name is written. */
export interface Origin extends Site {
  readonly node: ScalarNode;
  readonly path: Path;
  readonly form: NameForm;
}

/** The value of a field beside the name, such as `namespace` or `kind`. */
export function beside(use: Use, key: string): string | undefined {
  return text(holder(use), key);
}

/** The map or list in which the name stands; `levels` more steps out. */
export function holder(use: Use, levels = 0): YamlNode | undefined {
  return at(use.located.root, ...use.path.slice(0, use.path.length - 1 - levels));
}

/** The namespace in which a resource's names are looked up: its own, and for a Namespace that namespace. */
export function namespaceOf(located: Located): string {
  return located.resource.kind === 'Namespace' && located.resource.group === '' ? located.name : located.namespace;
}

/** The resource itself as a declaration: the scalar of its name. */
export function nameOf(located: Located): Declaration[] {
  return declared(located, at(located.root, 'metadata', 'name'), 'resource');
}

export function declared(located: Located, node: YamlNode | undefined, sort: Sort): Declaration[] {
  return node?.kind === 'scalar' ? [{ located, node, sort }] : [];
}

/** The resources of a kind with a name; several when the workspace describes several environments. */
export function resourcesNamed(scope: NameScope, kind: KindKey, namespace: string, name: string): Declaration[] {
  return scope.world.findAll(kind, namespace, name).flatMap(nameOf);
}
