import { parseArgs } from 'node:util';
import { UsageError } from './terminal.ts';

/** An option of a command: a flag, one that takes a value, possibly out of a list, or one that may be given often. */
export type OptionSpec =
  | { readonly type: 'flag'; readonly short?: string }
  | { readonly type: 'value'; readonly choices?: readonly string[] }
  | { readonly type: 'list' };

export interface Parsed {
  readonly flags: ReadonlySet<string>;
  readonly values: ReadonlyMap<string, string>;
  /** What options of type `list` were given, in order. */
  readonly lists: ReadonlyMap<string, readonly string[]>;
  readonly paths: readonly string[];
}

/** Reads the arguments of a command. Throws a `UsageError` that names the argument. */
export function parseOptions(args: readonly string[], specs: Readonly<Record<string, OptionSpec>>): Parsed {
  const flags = new Set<string>();
  const values = new Map<string, string>();
  const lists = new Map<string, readonly string[]>();
  const paths: string[] = [];
  for (const token of tokensOf(args, specs)) {
    if (token.kind === 'positional') paths.push(token.value);
    if (token.kind !== 'option') continue;
    const { name, rawName, value } = token;
    const spec = Object.hasOwn(specs, name) ? specs[name] : undefined;
    if (!spec) throw new UsageError(`there is no option ${rawName}`);
    if (spec.type === 'flag') {
      if (value !== undefined) throw new UsageError(`${rawName} takes no value, but got "${value}"`);
      flags.add(name);
    } else {
      const choices = spec.type === 'value' ? spec.choices : undefined;
      if (value === undefined || value === '') throw new UsageError(`${rawName} needs a value${choicesText(choices)}`);
      if (choices && !choices.includes(value))
        throw new UsageError(`${rawName} cannot be "${value}"${choicesText(choices)}`);
      if (spec.type === 'list') lists.set(name, [...(lists.get(name) ?? []), value]);
      else values.set(name, value);
    }
  }
  return { flags, values, lists, paths };
}

/** Without `strict` nothing is thrown, so that the words for what is wrong are ours. */
function tokensOf(args: readonly string[], specs: Readonly<Record<string, OptionSpec>>) {
  const options: Record<string, { type: 'boolean' | 'string'; short?: string }> = {};
  for (const [name, spec] of Object.entries(specs)) {
    options[name] =
      spec.type === 'flag' ? { type: 'boolean', ...(spec.short ? { short: spec.short } : {}) } : { type: 'string' };
  }
  return parseArgs({ args: [...args], options, strict: false, allowPositionals: true, tokens: true }).tokens;
}

function choicesText(choices: readonly string[] | undefined): string {
  return choices ? `: one of ${choices.join(', ')}` : '';
}
