import { parseArgs } from 'node:util';
import { UsageError } from './terminal.ts';

/** An option of a command: a flag, or one that takes a value, possibly out of a list. */
export type OptionSpec =
  | { readonly type: 'flag'; readonly short?: string }
  | { readonly type: 'value'; readonly choices?: readonly string[] };

export interface Parsed {
  readonly flags: ReadonlySet<string>;
  readonly values: ReadonlyMap<string, string>;
  readonly paths: readonly string[];
}

/** Reads the arguments of a command. Throws a `UsageError` that names the argument. */
export function parseOptions(args: readonly string[], specs: Readonly<Record<string, OptionSpec>>): Parsed {
  const flags = new Set<string>();
  const values = new Map<string, string>();
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
      if (value === undefined || value === '')
        throw new UsageError(`${rawName} needs a value${choicesText(spec.choices)}`);
      if (spec.choices && !spec.choices.includes(value))
        throw new UsageError(`${rawName} cannot be "${value}"${choicesText(spec.choices)}`);
      values.set(name, value);
    }
  }
  return { flags, values, paths };
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
