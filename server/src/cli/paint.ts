import type { Terminal } from './terminal.ts';

/** SGR codes of the terminal. */
export const RED = '31';
export const GREEN = '32';
export const YELLOW = '33';
export const BLUE = '34';
export const CYAN = '36';
export const BOLD = '1';
export const DIM = '2';

/** Without color, the texts as they are. */
export type Paint = (code: string, text: string) => string;

export function paintFor({ color }: Pick<Terminal, 'color'>): Paint {
  return color ? (code, text) => `\u001b[${code}m${text}\u001b[0m` : (_, text) => text;
}
