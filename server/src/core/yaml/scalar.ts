import type { ScalarNode, ScalarType } from './tree.ts';

/**
 * How Kubernetes reads plain scalars. Its reader follows YAML 1.1 for booleans (`yes`, `on`, `y`) and octals (`0644`),
 * whatever the YAML 1.2 specification says, and converts to JSON afterwards.
 */

const BOOLEANS = new Map<string, boolean>();
for (const word of ['true', 'yes', 'on']) BOOLEANS.set(word, true);
for (const word of ['false', 'no', 'off']) BOOLEANS.set(word, false);
for (const [word, value] of [...BOOLEANS]) {
  BOOLEANS.set(word.toUpperCase(), value);
  BOOLEANS.set(word.charAt(0).toUpperCase() + word.slice(1), value);
}
for (const [word, value] of [
  ['y', true],
  ['Y', true],
  ['n', false],
  ['N', false],
] as const) {
  BOOLEANS.set(word, value);
}

const NULLS = new Set(['', '~', 'null', 'Null', 'NULL']);
const INT = /^[-+]?(?:0b_*[01][01_]*|0o_*[0-7][0-7_]*|0x_*[0-9a-fA-F][0-9a-fA-F_]*|[0-9][0-9_]*)$/;
const FLOAT = /^[-+]?(?:\.[0-9_]+|[0-9][0-9_]*(?:\.[0-9_]*)?)(?:[eE][-+]?[0-9]+)?$/;
const SPECIAL_FLOAT = /^(?:[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/;
const NUMERIC_START = /^[-+.0-9]/;

export function plainType(text: string): ScalarType {
  if (NULLS.has(text)) return 'null';
  if (text.length <= 5 && BOOLEANS.has(text)) return 'bool';
  if (!NUMERIC_START.test(text)) return 'string';
  if (INT.test(text)) return 'int';
  if (FLOAT.test(text) || SPECIAL_FLOAT.test(text)) return 'float';
  return 'string';
}

/** True for words that mean something else to YAML 1.2 readers and to people: `yes`, `off`, `0644`, `1_000`. */
export function isAmbiguousPlain(text: string): boolean {
  if (BOOLEANS.has(text)) return !/^(?:true|false)$/i.test(text);
  return INT.test(text) && (/^[-+]?0[0-9_]/.test(text) || text.includes('_'));
}

export function numberOf(scalar: ScalarNode): number | undefined {
  if (scalar.type === 'float') {
    if (/nan/i.test(scalar.text)) return Number.NaN;
    if (/inf/i.test(scalar.text)) return scalar.text.startsWith('-') ? -Infinity : Infinity;
    return Number(scalar.text.replaceAll('_', ''));
  }
  if (scalar.type !== 'int') return undefined;
  const text = scalar.text.replaceAll('_', '');
  const negative = text.startsWith('-');
  const digits = text.replace(/^[-+]/, '');
  const octal = /^0o?([0-7]+)$/.exec(digits)?.[1];
  const value = octal === undefined ? Number(digits) : Number.parseInt(octal, 8);
  return negative ? -value : value;
}

export function booleanOf(scalar: ScalarNode): boolean | undefined {
  return scalar.type === 'bool' ? BOOLEANS.get(scalar.text) : undefined;
}
