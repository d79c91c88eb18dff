import type { Connection, WorkDoneProgressReporter } from 'vscode-languageserver';
import type { Guard } from './guard.ts';

/** What the client shows while long work goes on. Clients that show nothing of the kind are not asked. */
export interface Progress {
  report(message: string): void;
  done(): void;
}

/** The work does not wait for the client's answer: one that never comes must hold up nothing. */
export function startProgress(connection: Connection, guard: Guard, title: string): Progress {
  let reporter: WorkDoneProgressReporter | undefined;
  let finished = false;
  void guard.run('Showing progress', async () => {
    const created = await connection.window.createWorkDoneProgress();
    if (finished) return;
    reporter = created;
    reporter.begin(title);
  });
  return {
    report: (message) => reporter?.report(message),
    done: () => {
      finished = true;
      reporter?.done();
    },
  };
}
