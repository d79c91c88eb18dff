import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { after, before, describe, it } from 'mocha';
import { createProtocolConnection, StreamMessageReader, StreamMessageWriter } from 'vscode-languageserver/node';
import { BAD, inFolder } from './run.ts';

let bundles: string;
const CLI = 'cli.cjs';
const NODE = 'server.cjs';

describe('processes', () => {
  // The processes run bundles, as users' do; compiling at every start would take most of the time.
  before(async function () {
    this.timeout(60_000);
    bundles = await mkdtemp(join(tmpdir(), 'meshpath-'));
    await build({
      absWorkingDir: fileURLToPath(new URL('../..', import.meta.url)),
      entryPoints: { cli: 'server/src/cli.ts', server: 'server/src/node.ts' },
      outdir: bundles,
      outExtension: { '.js': '.cjs' },
      bundle: true,
      platform: 'node',
      format: 'cjs',
      mainFields: ['module', 'main'],
      logLevel: 'error',
    });
  });

  after(() => rm(bundles, { recursive: true, force: true }));

  describe('the command as a process', () => {
    it('answers on standard output and ends with the code', async () => {
      await inFolder({ 'bad.yaml': BAD }, async ({ path }) => {
        const child = start(CLI, ['check', '--format', 'json'], path);
        const [out, [code]] = await Promise.all([text(child.stdout), once(child, 'exit')]);
        assert.equal(code, 1);
        assert.equal(JSON.parse(out).diagnostics.length, 1);
      });
    });

    it('reads standard input', async () => {
      await inFolder({}, async ({ path }) => {
        const child = start(CLI, ['check', '-'], path);
        child.stdin?.end(BAD);
        const [out, [code]] = await Promise.all([text(child.stdout), once(child, 'exit')]);
        assert.equal(code, 1);
        assert.match(out, /<stdin>:8:5 error/);
      });
    });

    it('keeps its exit code when nobody reads the answer', async () => {
      await inFolder({ 'bad.yaml': BAD }, async ({ path }) => {
        const child = start(CLI, ['check', '--format', 'sarif'], path);
        child.stdout?.destroy();
        const [err, [code]] = await Promise.all([text(child.stderr), once(child, 'exit')]);
        assert.equal(err, '');
        assert.equal(code, 1);
      });
    });
  });

  describe('the server as a process', () => {
    for (const [name, script, args] of [
      ['meshpath lsp --stdio', CLI, ['lsp', '--stdio']],
      ['the server of the extension', NODE, ['--stdio']],
    ] as const) {
      it(`serves and ends as the protocol says: ${name}`, async () => {
        await inFolder({}, async ({ path }) => {
          const child = start(script, args, path);
          const client = connect(child);
          const { serverInfo } = await client.sendRequest<{ serverInfo: { name: string } }>('initialize', INITIALIZE);
          assert.equal(serverInfo.name, 'meshpath');
          await client.sendRequest('shutdown');
          const ended = once(child, 'exit');
          await client.sendNotification('exit');
          assert.deepEqual(await ended, [0, null]);
          client.dispose();
        });
      });
    }

    it('ends with 1 when told to exit without a shutdown, or when the editor is gone', async () => {
      for (const leave of ['exit', 'end']) {
        const child = start(NODE, ['--stdio'], '.');
        const client = connect(child);
        await client.sendRequest('initialize', INITIALIZE);
        const ended = once(child, 'exit');
        if (leave === 'exit') await client.sendNotification('exit');
        else child.stdin?.end();
        assert.deepEqual(await ended, [1, null]);
        client.dispose();
      }
    });

    it('says how it wants to be started', async () => {
      const child = start(NODE, [], '.');
      const [err, [code]] = await Promise.all([text(child.stderr), once(child, 'exit')]);
      assert.equal(code, 2);
      assert.match(err, /--stdio/);
    });
  });
});

const INITIALIZE = { processId: process.pid, rootUri: null, capabilities: {} };

function start(script: string, args: readonly string[], cwd: string): ChildProcess {
  return spawn(process.execPath, [join(bundles, script), ...args], { cwd, stdio: 'pipe' });
}

function connect(child: ChildProcess) {
  assert.ok(child.stdout && child.stdin);
  const client = createProtocolConnection(new StreamMessageReader(child.stdout), new StreamMessageWriter(child.stdin));
  client.listen();
  return client;
}

async function text(stream: NodeJS.ReadableStream | null): Promise<string> {
  let result = '';
  for await (const chunk of stream ?? []) result += String(chunk);
  return result;
}
