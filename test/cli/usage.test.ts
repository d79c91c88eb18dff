import assert from 'node:assert/strict';
import { once } from 'node:events';
import { symlink } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { BAD, GOOD, inFolder, ODD } from './run.ts';

describe('exit codes of check', () => {
  it('are 0 without findings, 1 with them', async () => {
    await inFolder({ 'good.yaml': GOOD, 'bad.yaml': BAD }, async ({ run }) => {
      assert.equal((await run('check', 'good.yaml')).code, 0);
      assert.equal((await run('check', 'bad.yaml')).code, 1);
      assert.equal((await run('check')).code, 1);
    });
  });

  it('depend on --fail-on', async () => {
    await inFolder({ 'odd.yaml': ODD, 'bad.yaml': BAD }, async ({ run }) => {
      assert.equal((await run('check', 'odd.yaml')).code, 0);
      assert.equal((await run('check', '--fail-on', 'warning', 'odd.yaml')).code, 1);
      assert.equal((await run('check', '--fail-on=info', 'odd.yaml')).code, 1);
      assert.equal((await run('check', '--fail-on', 'warning', 'bad.yaml')).code, 1);
      assert.equal((await run('check', '--fail-on', 'never', 'bad.yaml')).code, 0);
    });
  });

  it('are 2 for bad usage, with a message that names the argument', async () => {
    await inFolder({ 'good.yaml': GOOD }, async ({ run }) => {
      const cases: [string[], RegExp][] = [
        [['chek'], /there is no command "chek"/],
        [['--wrong'], /--wrong/],
        [['check', '--formt', 'json'], /--formt/],
        [['check', '--format', 'xml'], /--format cannot be "xml": one of text, json, sarif, github/],
        [['check', '--format'], /--format needs a value/],
        [['check', '--fail-on', 'hint'], /--fail-on cannot be "hint"/],
        [['check', '--help=now'], /--help takes no value/],
        [['check', '--__proto__'], /--__proto__/],
        [['check', 'missing.yaml'], /"missing.yaml": there is no such file/],
        [['check', 'good.yaml', ''], /a path is empty/],
        [['check', '--config', 'missing.yaml'], /settings "missing.yaml": there is no such file/],
        [['lsp'], /--stdio/],
        [['lsp', '--stdio', 'good.yaml'], /"good.yaml"/],
      ];
      for (const [args, message] of cases) {
        const { code, out, err } = await run(...args);
        assert.equal(code, 2, args.join(' '));
        assert.match(err, message);
        assert.match(err, /--help/);
        assert.equal(out, '');
      }
    });
  });

  it('are 2 without a command, which shows how it is used', async () => {
    await inFolder({}, async ({ run }) => {
      const { code, err } = await run();
      assert.equal(code, 2);
      assert.match(err, /Usage: meshpath <command>/);
    });
  });
});

describe('help and version', () => {
  it('are there for every command, with an example', async () => {
    await inFolder({}, async ({ run }) => {
      for (const args of [
        ['--help'],
        ['-h'],
        ['check', '--help'],
        ['check', '-h', 'nowhere.yaml'],
        ['lsp', '--help'],
      ]) {
        const { code, out, err } = await run(...args);
        assert.equal(code, 0, args.join(' '));
        assert.match(out, /Usage: meshpath/);
        assert.match(out, /Example: /);
        assert.equal(err, '');
        for (const line of out.split('\n')) assert.ok(line.length <= 120, line);
      }
      for (const args of [['--version'], ['-v'], ['check', '--version'], ['lsp', '-v']]) {
        assert.match((await run(...args)).out, /^\d+\.\d+\.\d+\n$/);
      }
    });
  });

  it('name every option that the command has', async () => {
    await inFolder({}, async ({ run }) => {
      const { out } = await run('check', '--help');
      for (const word of ['--format', '--fail-on', '--config', 'sarif', 'github', 'never', '.meshpath.yaml']) {
        assert.ok(out.includes(word), word);
      }
    });
  });
});

describe('which files are checked', () => {
  it('are the manifests below a folder, and whatever is named', async () => {
    const files = {
      'a.yaml': BAD,
      'deep/b.yml': BAD,
      'deep/.hidden/c.yaml': BAD,
      'd.json': JSON.stringify({
        apiVersion: 'security.istio.io/v1',
        kind: 'PeerAuthentication',
        metadata: { name: 'a' },
        spec: { mod: 1 },
      }),
      'notes.txt': BAD,
      'node_modules/x/e.yaml': BAD,
    };
    await inFolder(files, async ({ run }) => {
      assert.deepEqual(await filesWithFindings(run('check', '--format', 'json')), [
        'a.yaml',
        'd.json',
        'deep/.hidden/c.yaml',
        'deep/b.yml',
      ]);
      assert.deepEqual(await filesWithFindings(run('check', '--format', 'json', 'notes.txt')), ['notes.txt']);
      assert.deepEqual(
        await filesWithFindings(run('check', '--format', 'json', 'deep', 'deep/b.yml', './deep/../deep')),
        ['deep/.hidden/c.yaml', 'deep/b.yml'],
      );
    });
  });

  it('are shown relative to the current folder, or absolute outside it', async () => {
    await inFolder({ 'one/a.yaml': BAD, 'two/b.yaml': BAD }, async ({ runWith, path }) => {
      const ran = runWith({ cwd: 'one' }, 'check', '--format', 'json', '.', '../two');
      assert.deepEqual(await filesWithFindings(ran), [`${path}/two/b.yaml`, 'a.yaml']);
    });
  });

  it('leave out what the settings exclude, unless it is named', async () => {
    const files = {
      '.meshpath.yaml': 'exclude: [generated/**]\n',
      'generated/a.yaml': BAD,
      'b.yaml': BAD,
      'sub/generated/c.yaml': BAD,
    };
    await inFolder(files, async ({ run, runWith }) => {
      assert.deepEqual(await filesWithFindings(run('check', '--format', 'json')), ['b.yaml', 'sub/generated/c.yaml']);
      assert.deepEqual(await filesWithFindings(run('check', '--format', 'json', 'generated/a.yaml')), [
        'generated/a.yaml',
      ]);
      // Globs count from the folder of the settings, wherever the command runs.
      assert.deepEqual(await filesWithFindings(runWith({ cwd: 'generated' }, 'check', '--format', 'json')), []);
    });
  });

  it('are not reached through symbolic links', async () => {
    await inFolder({ 'in/a.yaml': GOOD, 'out/b.yaml': BAD }, async ({ path, run }) => {
      await symlink(join(path, 'out'), join(path, 'in/folder'));
      await symlink(join(path, 'out/b.yaml'), join(path, 'in/file.yaml'));
      await symlink(path, join(path, 'in/circle'));
      const { out } = await run('check', '--format', 'json', 'in');
      assert.deepEqual(JSON.parse(out).files, 1);
      assert.deepEqual(await filesWithFindings(run('check', '--format', 'json', 'in/file.yaml')), ['in/file.yaml']);
    });
  });

  it('can be none, which is said', async () => {
    await inFolder({}, async ({ run }) => {
      const { code, err } = await run('check');
      assert.equal(code, 0);
      assert.match(err, /no YAML or JSON files/);
    });
  });

  it('are patches where a kustomization around a named file says so', async () => {
    const patch =
      'apiVersion: networking.istio.io/v1\nkind: Gateway\nmetadata:\n  name: edge\nspec:\n  servers: [{port: {number: 80, name: http, protocol: HTTP}}]\n';
    await inFolder(
      {
        'edge.yaml': patch,
        'kustomization.yaml': 'patches:\n  - path: changes/edge.yaml\n',
        'changes/edge.yaml': patch,
      },
      async ({ run }) => {
        assert.deepEqual(await filesWithFindings(run('check', '--format', 'json', 'changes/edge.yaml')), []);
        assert.deepEqual(await filesWithFindings(run('check', '--format', 'json', 'edge.yaml')), ['edge.yaml']);
      },
    );
  });
});

describe('standard input', () => {
  it('is checked like a file', async () => {
    await inFolder({ 'good.yaml': GOOD }, async ({ runWith }) => {
      const { code, out } = await runWith({ stdin: BAD }, 'check', '-', 'good.yaml');
      assert.equal(code, 1);
      assert.match(out, /^<stdin>:8:5 error/);
      assert.match(out, /1 error in 2 files, 2 resources/);
      assert.equal((await runWith({ stdin: '' }, 'check', '-')).code, 0);
    });
  });
});

describe('files that cannot be read', () => {
  const broken = Uint8Array.from([...Buffer.from('kind: x\nname: '), 0xff, 0xfe, 0x0a]);

  it('are findings, and the others are checked all the same', async () => {
    await inFolder({ 'broken.yaml': broken, 'bad.yaml': BAD }, async ({ run }) => {
      const { code, out, err } = await run('check', '--format', 'json');
      assert.equal(code, 1);
      assert.equal(err, '');
      const { diagnostics } = JSON.parse(out);
      assert.deepEqual(
        diagnostics.map(({ file, code }: { file: string; code: string }) => [file, code]),
        [
          ['bad.yaml', 'unknown-field'],
          ['broken.yaml', 'unreadable-file'],
        ],
      );
      assert.match(diagnostics[1].message, /UTF-8/);
      assert.deepEqual(diagnostics[1].range.start, { line: 1, character: 6 });
    });
  });

  it('give exit code 2 and a message when they are named', async () => {
    await inFolder({ 'broken.yaml': broken, 'good.yaml': GOOD }, async ({ run, runWith }) => {
      const { code, out, err } = await run('check', 'good.yaml', 'broken.yaml');
      assert.equal(code, 2);
      assert.match(err, /"broken.yaml": it is not UTF-8/);
      assert.match(out, /broken.yaml:2:7 warning \[unreadable-file\]/);
      assert.equal((await runWith({ stdin: broken }, 'check', '-')).code, 2);
    });
  });

  it('may be no files at all', async () => {
    await inFolder({ 'good.yaml': GOOD, 'bad.yaml': BAD }, async ({ path, run }) => {
      const server = createServer().listen(join(path, 'socket.yaml'));
      await once(server, 'listening');
      try {
        const { code, out, err } = await run('check', 'bad.yaml', 'socket.yaml');
        assert.equal(code, 2);
        assert.match(err, /"socket.yaml": it is not a regular file/);
        assert.match(out, /unknown-field/);
        assert.match((await run('check', 'good.yaml/inner.yaml')).err, /part of the path is not a folder/);
      } finally {
        server.close();
      }
    });
  });

  it('may be too large', async () => {
    const large = `${GOOD}# ${'x'.repeat(9 * 1024 * 1024)}\n`;
    await inFolder({ 'large.yaml': large, 'huge.yaml': large.repeat(3), 'bad.yaml': BAD }, async ({ run }) => {
      const { code, out } = await run('check', '--format', 'github');
      assert.equal(code, 1);
      assert.match(out, /^::warning file=huge.yaml,.*title=unreadable-file::.*8 MiB/m);
      assert.match(out, /^::warning file=large.yaml,.*title=unreadable-file::.*8 MiB/m);
      assert.match(out, /^::error file=bad.yaml/m);
    });
  });

  it('may begin with a byte order mark, which takes no room', async () => {
    await inFolder(
      { 'bom.yaml': `\uFEFF${BAD.replace('apiVersion', 'apiVersio: x\napiVersion')}` },
      async ({ run }) => {
        assert.match((await run('check')).out, /^bom.yaml:1:1 error \[unknown-field\]/);
      },
    );
  });
});

async function filesWithFindings(ran: Promise<{ out: string }>): Promise<string[]> {
  const { diagnostics } = JSON.parse((await ran).out) as { diagnostics: { file: string }[] };
  return [...new Set(diagnostics.map(({ file }) => file))];
}
