import type { Path } from '../yaml/cursorPlace.ts';
import type { Reader, ValueDoc } from './define.ts';
import type { Field, Shape } from './shape.ts';

/** What stands at a path of a resource: its shape, the field that leads to it, and what it inherits from around it. */
export interface Place {
  readonly shape: Shape;
  /** The nearest field on the way; undefined at the root. */
  readonly field: Field | undefined;
  /** Who reads it: said by the field itself or by the nearest field around it. */
  readonly readBy: readonly Reader[] | undefined;
  readonly l7: boolean;
}

/** Follows a path through a shape; undefined where the schema ends before the path does. */
export function placeAt(root: Shape, path: Path): Place | undefined {
  let shape = root;
  let field: Field | undefined;
  let readBy: readonly Reader[] | undefined;
  let l7 = false;
  for (const step of path) {
    const inner = stepInto(shape, step);
    if (!inner) return undefined;
    if ('shape' in inner) {
      field = inner;
      readBy = inner.doc.readBy ?? readBy;
      l7 = inner.doc.l7 ?? l7;
      shape = inner.shape;
    } else {
      shape = inner;
    }
  }
  return { shape, field, readBy, l7 };
}

function stepInto(shape: Shape, step: string | number): Field | Shape | undefined {
  if (shape.type === 'object') return typeof step === 'string' ? shape.fields.get(step) : undefined;
  if (shape.type === 'map') return typeof step === 'string' ? shape.value : undefined;
  if (shape.type === 'list') return typeof step === 'number' ? shape.item : undefined;
  return undefined;
}

/** The values that the schema names: all that are possible, or those that are often meant. */
export function listedValues(shape: Shape): ReadonlyMap<string, ValueDoc> | undefined {
  if (shape.type === 'string') return shape.values ?? shape.suggestions;
  return shape.type === 'int' || shape.type === 'number' ? shape.suggestions : undefined;
}
