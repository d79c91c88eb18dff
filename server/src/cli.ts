// The command line as a process.
import process from 'node:process';
import { main } from './cli/main.ts';
import type { Terminal } from './cli/terminal.ts';
import { tuneEngine } from './tuneEngine.ts';

tuneEngine();

const terminal: Terminal = {
  cwd: process.cwd(),
  env: process.env,
  color: process.stdout.isTTY === true && !process.env.NO_COLOR && process.env.TERM !== 'dumb',
  write: (text) => void process.stdout.write(text),
  warn: (text) => void process.stderr.write(text),
  readInput: async () => {
    const chunks: Uint8Array[] = [];
    for await (const chunk of process.stdin) chunks.push(chunk);
    return Buffer.concat(chunks);
  },
};

// A reader that has seen enough (`| head`) closes the pipe: no fault, and it changes nothing about the exit code.
process.stdout.on('error', (error) => {
  if (!('code' in error) || error.code !== 'EPIPE') throw error;
});

// The exit code is set rather than forced, so that everything written reaches a slow pipe.
void main(process.argv.slice(2), terminal).then((code) => {
  process.exitCode = code;
});
