import type { Field, ObjectShape, Shape } from '../../schema/shape.ts';

/** Builds the text that a key inserts: the key, and below it what is required, with tab stops for the rest. */

const INDENT = 2;
/** Enums up to this size are offered in place; larger ones are better completed on demand. */
const MAX_CHOICES = 12;
/** Required children of required children: deeper nesting than this is left to the user. */
const MAX_DEPTH = 4;

interface Builder {
  stop: number;
}

/** The snippet for a key in block style; `column` is where the key stands. */
export function blockKeySnippet(field: Field, column: number): string {
  const builder: Builder = { stop: 1 };
  return `${blockEntry(field, column, builder, 0)}$0`.replace(/\$\{?(\d+)\}?\$0$/, '$0');
}

function blockEntry(field: Field, column: number, builder: Builder, depth: number): string {
  return `${keyText(field.name)}:${blockValue(field.shape, column, builder, depth)}`;
}

function blockValue(shape: Shape, column: number, builder: Builder, depth: number): string {
  const inner = column + INDENT;
  switch (shape.type) {
    case 'object': {
      const children = requiredFields(shape);
      if (children.length === 0 || depth >= MAX_DEPTH) return `\n${blanks(inner)}$${builder.stop++}`;
      return children.map((child) => `\n${blanks(inner)}${blockEntry(child, inner, builder, depth + 1)}`).join('');
    }
    case 'map':
      return `\n${blanks(inner)}$${builder.stop++}`;
    case 'list':
      return `\n${blanks(inner)}- ${itemSnippet(shape.item, inner + INDENT, builder, depth + 1)}`;
    default:
      return ` ${scalarStop(shape, builder)}`;
  }
}

/** The content of a new list item whose keys stand at `column`. */
export function itemSnippet(shape: Shape, column: number, builder: Builder, depth: number): string {
  if (shape.type !== 'object')
    return shape.type === 'map' || shape.type === 'list' ? `$${builder.stop++}` : scalarStop(shape, builder);
  const children = requiredFields(shape);
  if (children.length === 0 || depth >= MAX_DEPTH) return `$${builder.stop++}`;
  return children
    .map((child, at) => `${at === 0 ? '' : `\n${blanks(column)}`}${blockEntry(child, column, builder, depth + 1)}`)
    .join('');
}

/** The snippet for a key inside braces; JSON quotes its keys and texts. */
export function flowKeySnippet(field: Field, json: boolean): string {
  const key = json ? JSON.stringify(field.name) : keyText(field.name);
  const value = flowValue(field.shape, json);
  return `${key}: ${value}`;
}

function flowValue(shape: Shape, json: boolean): string {
  switch (shape.type) {
    case 'object':
    case 'map':
      return '{$1}';
    case 'list':
      return '[$1]';
    case 'string':
      return json ? `"${scalarStop(shape, { stop: 1 })}"` : scalarStop(shape, { stop: 1 });
    default:
      return scalarStop(shape, { stop: 1 });
  }
}

function scalarStop(shape: Shape, builder: Builder): string {
  const stop = builder.stop++;
  if (shape.type === 'bool') return `\${${stop}|true,false|}`;
  if (shape.type === 'string' && shape.values && shape.values.size <= MAX_CHOICES) {
    const offered = [...shape.values].filter(([, doc]) => !doc.deprecated).map(([value]) => escapeChoice(value));
    if (offered.length > 0) return `\${${stop}|${offered.join(',')}|}`;
  }
  return `$${stop}`;
}

export function requiredFields(shape: ObjectShape): Field[] {
  return [...shape.fields.values()].filter((field) => field.required && !field.doc.deprecated);
}

export function escapeSnippet(text: string): string {
  return text.replace(/[\\$}]/g, '\\$&');
}

function escapeChoice(text: string): string {
  return (text === '' ? '""' : text).replace(/[\\,|$}]/g, '\\$&');
}

function keyText(name: string): string {
  return escapeSnippet(/^[A-Za-z$][\w./-]*$/.test(name) ? name : JSON.stringify(name));
}

export function blanks(count: number): string {
  return ' '.repeat(count);
}
