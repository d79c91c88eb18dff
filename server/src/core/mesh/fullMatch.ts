import { RE2JS } from 're2js';
import { type Truth, truthOf } from './truth.ts';

/** Compiled expressions; a workspace has few, and what does not compile is kept as such. */
const compiled = new Map<string, RE2JS | undefined>();
const MAX_KEPT = 1000;

/** Whether an expression matches all of a text, as Envoy and Linkerd demand it; unknown where it does not compile. */
export function fullMatch(pattern: string, value: string): Truth {
  const expression = expressionOf(pattern);
  return expression ? truthOf(expression.matches(value)) : 'unknown';
}

/** The text with every match replaced, where `\1` stands for the first group; undefined where that is not possible. */
export function replaceMatches(pattern: string, value: string, replacement: string): string | undefined {
  const expression = expressionOf(pattern);
  if (!expression) return undefined;
  const matcher = expression.matcher(value);
  const groups = [...replacement.matchAll(/\\(\d)/g)].map(([, digit]) => Number(digit));
  if (groups.some((group) => group > matcher.groupCount())) return undefined;
  return matcher.replaceAll((...found: readonly unknown[]) =>
    replacement.replaceAll(/\\([\d\\])/g, (_, mark: string) => (mark === '\\' ? mark : textOf(found[Number(mark)]))),
  );
}

/** A group that took no part in a match is undefined. */
function textOf(group: unknown): string {
  return typeof group === 'string' ? group : '';
}

function expressionOf(pattern: string): RE2JS | undefined {
  if (!compiled.has(pattern)) {
    if (compiled.size >= MAX_KEPT) compiled.clear();
    compiled.set(pattern, compile(pattern));
  }
  return compiled.get(pattern);
}

function compile(pattern: string): RE2JS | undefined {
  try {
    return RE2JS.compile(pattern);
  } catch {
    return undefined;
  }
}
