import { scalarText } from '../yaml/edits.ts';
import type { Span } from '../yaml/span.ts';
import type { Fix } from './rule.ts';

/** Quick fixes that rules offer beside what they report. */

/**
 * The fix that writes another value. Not safe, because the value decides which requests are meant; what was written
 * may only look like a slip. An alias is replaced where it stands, so that the anchored value stays as it is.
 */
export function changeTo(node: Span, value: string, title = `Change to \`${value}\``): Fix {
  return { title, safe: false, edits: [{ span: { start: node.start, end: node.end }, text: scalarText(value) }] };
}
