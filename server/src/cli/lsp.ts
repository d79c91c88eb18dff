import type { Parsed } from './options.ts';
import { type ExitCode, UsageError } from './terminal.ts';

/** Serves until the editor ends the connection, which ends the process. */
export async function runLsp({ flags, paths }: Parsed): Promise<ExitCode> {
  const [path] = paths;
  if (path !== undefined)
    throw new UsageError(`"${path}" is one argument too many: the editor says which files it wants`);
  if (!flags.has('stdio')) throw new UsageError('say how the editor talks to the server: --stdio');
  // Loaded here, because no other command needs it.
  const [{ createConnection }, { serveProcess }] = await Promise.all([
    import('vscode-languageserver/node'),
    import('../processServer.ts'),
  ]);
  serveProcess(createConnection());
  return new Promise<never>(() => {});
}
