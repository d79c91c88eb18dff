// The language server as a process: `--stdio` for any editor, `--node-ipc` for VS Code.
import process from 'node:process';
import { createConnection } from 'vscode-languageserver/node';
import { serveProcess } from './processServer.ts';
import { tuneEngine } from './tuneEngine.ts';

tuneEngine();

if (process.argv.some((argument) => /^--(?:stdio|node-ipc|pipe|socket)\b/.test(argument))) {
  serveProcess(createConnection());
} else {
  process.stderr.write('meshpath: say how the editor talks to the server, for example with --stdio\n');
  process.exitCode = 2;
}
