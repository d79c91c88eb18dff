import { RE2JS } from 're2js';
import { type Truth, truthOf } from './truth.ts';

/** Compiled expressions; a workspace has few, and what does not compile is kept as such. */
const compiled = new Map<string, RE2JS | undefined>();
const MAX_KEPT = 1000;

/** Whether an expression matches all of a text, as Envoy and Linkerd demand it; unknown where it does not compile. */
export function fullMatch(pattern: string, value: string): Truth {
  if (!compiled.has(pattern)) {
    if (compiled.size >= MAX_KEPT) compiled.clear();
    compiled.set(pattern, compile(pattern));
  }
  const expression = compiled.get(pattern);
  return expression ? truthOf(expression.matches(value)) : 'unknown';
}

function compile(pattern: string): RE2JS | undefined {
  try {
    return RE2JS.compile(pattern);
  } catch {
    return undefined;
  }
}
