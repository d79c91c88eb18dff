import { nameScope } from '../mesh/nameScope.ts';
import type { SourceFile } from '../model/file.ts';
import { describeLocated, type Located } from '../model/located.ts';
import { nameAt } from '../model/references/atOffset.ts';
import { hostsOfEntries } from '../model/references/hosts.ts';
import { mentionsOf } from '../model/references/names.ts';
import { type Declaration, type NameScope, nameOf, type Origin } from '../model/references/reference.ts';
import type { Snapshot } from '../model/workspace.ts';
import type { CoreSettings } from '../settings.ts';
import { at, items, text } from '../yaml/access.ts';
import { replaceScalar } from '../yaml/edits.ts';
import type { Edit, Span } from '../yaml/span.ts';
import type { ScalarNode } from '../yaml/tree.ts';

/** Why a name is not changed, in a sentence for the user. */
export interface Refusal {
  readonly refused: string;
}

export interface Renamable {
  /** The name alone, in offsets of the file. */
  readonly span: Span;
  readonly name: string;
}

/** Edits by the path of their file, in its offsets. */
export type RenameEdits = ReadonlyMap<string, readonly Edit[]>;

interface Subject extends Renamable {
  readonly declarations: readonly Declaration[];
  readonly scope: NameScope;
}

/** What would be renamed at an offset; undefined where no name stands. */
export function prepareRename(
  snapshot: Snapshot,
  file: SourceFile,
  offset: number,
  settings: CoreSettings,
): Renamable | Refusal | undefined {
  const subject = subjectAt(snapshot, file, offset, settings);
  return subject && ('refused' in subject ? subject : { span: subject.span, name: subject.name });
}

/** The edits that give a new name to what stands at an offset, wherever it is named. */
export function rename(
  snapshot: Snapshot,
  file: SourceFile,
  offset: number,
  newName: string,
  settings: CoreSettings,
): RenameEdits | Refusal | undefined {
  const subject = subjectAt(snapshot, file, offset, settings);
  if (!subject || 'refused' in subject) return subject;
  const [first] = subject.declarations;
  if (!first) return undefined;
  if (newName === subject.name) return new Map();
  const wrong = faultOfName(first, newName) ?? conflict(first, newName, subject.scope);
  return wrong === undefined ? editsOf(subject, newName, snapshot) : { refused: wrong };
}

function subjectAt(
  snapshot: Snapshot,
  file: SourceFile,
  offset: number,
  settings: CoreSettings,
): Subject | Refusal | undefined {
  const scope = nameScope(snapshot, settings);
  const name = nameAt(snapshot, file, offset, scope);
  if (!name) return undefined;
  const [first] = name.declarations;
  if (!first)
    return { refused: `Nothing in the workspace declares "${name.node.text}", so that not all places are known.` };
  if (name.origin && !name.declaresItself && writtenName(name.origin, first) !== first.node.text) {
    return { refused: `"${name.node.text}" is a pattern. Rename what it covers where that is declared.` };
  }
  if (name.declarations.some(({ node, sort }) => node.text !== first.node.text || sort !== first.sort)) {
    return { refused: `"${name.node.text}" stands for several things. Rename one of them where it is declared.` };
  }
  const refused = refusalOf(first, name.node);
  if (refused !== undefined) return { refused };
  return { span: name.span, name: first.node.text, declarations: everyDeclaration(first, scope), scope };
}

/** Resources that several environments declare keep one name, and so do hosts that several ServiceEntries list. */
function everyDeclaration(declaration: Declaration, { world }: NameScope): readonly Declaration[] {
  const { located, node, sort } = declaration;
  if (sort === 'resource') return world.findAll(located.kindKey, located.namespace, located.name).flatMap(nameOf);
  if (sort === 'host') return hostsOfEntries(world).filter((other) => other.node.text === node.text);
  return [declaration];
}

/** Kubernetes' kinds whose every use in a mesh is known here. Others are named in places that nobody could list. */
const RENAMABLE_KUBERNETES: ReadonlySet<string> = new Set(['/Service', '/ServiceAccount']);

function refusalOf({ located, node, sort }: Declaration, written: ScalarNode): string | undefined {
  if (node.anchor !== undefined || written.anchor !== undefined) {
    return 'The name has a YAML anchor; what repeats it would change too.';
  }
  switch (sort) {
    case 'resource':
      return refusalOfResource(located, node);
    case 'host':
      return node.text.includes('*') ? 'A wildcard is not a name that could be changed everywhere.' : undefined;
    case 'label':
      return 'Labels are matched by selectors that need not be in the workspace. Change them by hand.';
    case 'port':
      return 'Ports are named by clients and resources that need not be in the workspace. Change them by hand.';
    case 'provider':
      return node.key?.text === 'name'
        ? undefined
        : 'The mesh config stands in a ConfigMap as one text. Change it by hand.';
    default:
      return undefined;
  }
}

function refusalOfResource(located: Located, node: ScalarNode): string | undefined {
  const { kind, group, definition } = located.resource;
  if (at(located.root, 'metadata', 'name') !== node) {
    return `The workspace does not have the ServiceAccount "${node.text}" itself, so that not all places are known.`;
  }
  if (located.name !== node.text) {
    return `A kustomization turns "${node.text}" into "${located.name}". Change both by hand.`;
  }
  if (kind === 'Namespace' && group === '')
    return 'The name of a namespace is part of hosts and identities everywhere.';
  const known =
    definition !== undefined && (definition.project !== 'kubernetes' || RENAMABLE_KUBERNETES.has(located.kindKey));
  return known ? undefined : `Not everything that names a ${kind} is known.`;
}

const LABEL = /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?$/;
const SUBDOMAIN = /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*$/;

function faultOfName({ located, sort }: Declaration, name: string): string | undefined {
  if (sort === 'provider') return name.trim() === '' ? 'The name must not be empty.' : undefined;
  if (sort === 'resource' && located.resource.kind === 'Service') {
    const fits = LABEL.test(name) && /^[a-z]/.test(name) && name.length <= 63;
    return fits
      ? undefined
      : 'The name of a Service has lower-case letters, digits and dashes, at most 63, and begins with a letter.';
  }
  if (sort === 'subset') {
    const fits = LABEL.test(name) && name.length <= 63;
    return fits ? undefined : 'The name of a subset has lower-case letters, digits and dashes, at most 63.';
  }
  const fits = SUBDOMAIN.test(name) && name.length <= 253;
  return fits
    ? undefined
    : 'The name has lower-case letters, digits, dashes and dots, and begins and ends with a letter or digit.';
}

function conflict({ located, node, sort }: Declaration, name: string, { world }: NameScope): string | undefined {
  if (sort === 'resource') {
    const other = world.find(located.kindKey, located.namespace, name);
    return other && `There is a ${describeLocated(other)} already.`;
  }
  const list = node.parent?.parent;
  if (sort === 'host' || list?.kind !== 'seq') return undefined;
  const taken = items(list).some((item) => text(item, 'name') === name);
  return taken ? `${describeLocated(located)} has "${name}" already.` : undefined;
}

function editsOf({ declarations, scope, name }: Subject, newName: string, snapshot: Snapshot): RenameEdits | Refusal {
  const edits = new Map<string, Edit[]>();
  const done = new Set<ScalarNode>();
  const add = (located: Located, node: ScalarNode, value: string) => {
    if (done.has(node)) return;
    done.add(node);
    const { span, text: written } = replaceScalar(node, value);
    const start = snapshot.startOf(located) ?? 0;
    const edit = { span: { start: start + span.start, end: start + span.end }, text: written };
    edits.set(located.path, [...(edits.get(located.path) ?? []), edit]);
  };
  const { all } = snapshot.world;
  for (const { located, node } of [...declarations, ...patchesOf(declarations, all)]) add(located, node, newName);
  for (const { origin, declaration } of mentionsOf(declarations, scope, all)) {
    const written = origin.node.text;
    if (origin.node.anchor !== undefined) {
      return {
        refused: `In ${describeLocated(origin.located)} the name has a YAML anchor; what repeats it would change too.`,
      };
    }
    const { start, end } = partOf(origin, declaration);
    // A wildcard that covers the host, or "." for the own namespace, goes on to mean it.
    if (written.slice(start, end) === name)
      add(origin.located, origin.node, written.slice(0, start) + newName + written.slice(end));
  }
  return edits;
}

function partOf({ node, form }: Origin, declaration: Declaration): { start: number; end: number } {
  return form.part?.(node.text, declaration) ?? { start: 0, end: node.text.length };
}

function writtenName(origin: Origin, declaration: Declaration): string {
  const { start, end } = partOf(origin, declaration);
  return origin.node.text.slice(start, end);
}

/** Kustomize patches of a resource say its name too. */
function patchesOf(declarations: readonly Declaration[], all: readonly Located[]): Declaration[] {
  return declarations
    .filter(({ sort }) => sort === 'resource')
    .flatMap(({ located }) =>
      all.filter(
        (other) =>
          other.partial &&
          other.name === located.name &&
          other.kindKey === located.kindKey &&
          (!other.namespaceKnown || other.namespace === located.namespace),
      ),
    )
    .flatMap(nameOf);
}
