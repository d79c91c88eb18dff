// The command line: arguments in, text and an exit code out. `cli.ts` connects it to the process, tests to strings.

/** What a command may use of the process around it. */
export interface Terminal {
  /** The current folder, absolute. */
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Whether colors are wanted. */
  readonly color: boolean;
  /** The answer. */
  write(text: string): void;
  /** Anything that is not the answer. */
  warn(text: string): void;
  /** All of standard input. */
  readInput(): Promise<Uint8Array>;
}

export const EXIT = { ok: 0, findings: 1, usage: 2 } as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** Bad usage or unreadable input: ends the command with exit code 2 and this message, which names the culprit. */
export class UsageError extends Error {}

/**
 * Text from files and names of files may hold control characters, with which a terminal could be made to lie about what
 * was found. They are shown as replacement characters.
 */
export function printable(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the ones to be found
  return text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, '\uFFFD');
}
