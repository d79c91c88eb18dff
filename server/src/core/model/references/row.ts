import { pattern } from './pattern.ts';
import type { NameForm, Rule } from './reference.ts';

/** A row of a table: the path as it was written, for tests, and taken apart. */
export interface Row extends Rule {
  readonly source: string;
}

export function row(source: string, form: NameForm): Row {
  return { source, pattern: pattern(source), form };
}
