import { scalarAt } from '../../yaml/scalarAt.ts';
import type { Span } from '../../yaml/span.ts';
import type { ScalarNode } from '../../yaml/tree.ts';
import type { SourceFile } from '../file.ts';
import type { Located } from '../located.ts';
import { documentAt } from '../target.ts';
import type { Snapshot } from '../workspace.ts';
import { declarationAt, formAt, namePart, resolve, textSpan } from './names.ts';
import type { Declaration, NameScope, Origin, Path } from './reference.ts';

/** The name under a cursor. */
export interface NameAt {
  readonly located: Located;
  readonly node: ScalarNode;
  readonly path: Path;
  /** Set where the scalar names something. */
  readonly origin: Origin | undefined;
  /** What it means: itself where it is a declaration, else what it names. Empty when that is not in the workspace. */
  readonly declarations: readonly Declaration[];
  readonly declaresItself: boolean;
  /** The name alone, without namespace or domain, in offsets of the file. */
  readonly span: Span;
}

/** A place in the workspace, in offsets of its file. */
export interface FilePlace {
  readonly path: string;
  readonly span: Span;
}

/** The resource in which an offset of a file stands. */
export function locatedAt(snapshot: Snapshot, file: SourceFile, offset: number): Located | undefined {
  const placed = documentAt(file, offset);
  if (!placed) return undefined;
  const inner = offset - placed.start;
  const here = snapshot.located(file).filter((located) => located.document === placed.document);
  return here.find(({ root }) => root.start <= inner && inner <= root.end) ?? (here.length === 1 ? here[0] : undefined);
}

/** The name at an offset; undefined where none can stand. */
export function nameAt(snapshot: Snapshot, file: SourceFile, offset: number, scope: NameScope): NameAt | undefined {
  const located = locatedAt(snapshot, file, offset);
  const start = located && snapshot.startOf(located);
  if (!located || start === undefined) return undefined;
  const { document } = located;
  const found = scalarAt(located.root, offset - start);
  if (!found || found.isKey || found.scalar.templated) return undefined;
  const { scalar: node, path } = found;
  const form = formAt(located.kindKey, path);
  const origin = form && { located, node, path, form };
  const own = declarationOf(located, path, origin !== undefined);
  const named = origin ? resolve(origin, scope) : [];
  // A ServiceProfile is named after its Service: what it names says more than that it has a name.
  const declarations = named.length > 0 ? named : own ? [own] : [];
  if (!origin && !own) return undefined;
  const [first] = declarations;
  const inner =
    origin && first && named.length > 0 ? namePart(origin, first, document.text) : textSpan(node, document.text);
  const span = { start: start + inner.start, end: start + inner.end };
  return { located, node, path, origin, declarations, declaresItself: named.length === 0 && own !== undefined, span };
}

/** A label whose value names something is not there to be selected by. */
function declarationOf(located: Located, path: Path, names: boolean): Declaration | undefined {
  const own = declarationAt(located, path);
  return names && own?.sort === 'label' ? undefined : own;
}

/** Where a declaration or an origin stands; the name alone. */
export function placeOf(snapshot: Snapshot, located: Located, span: Span): FilePlace {
  const start = snapshot.startOf(located) ?? 0;
  return { path: located.path, span: { start: start + span.start, end: start + span.end } };
}

export function declarationPlace(snapshot: Snapshot, { located, node }: Declaration): FilePlace {
  return placeOf(snapshot, located, textSpan(node, located.document.text));
}
