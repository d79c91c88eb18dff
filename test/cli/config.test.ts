import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { BAD, GOOD, inFolder } from './run.ts';

const SILENT = 'checks:\n  unknown-field: off\n';

describe('settings of the command line', () => {
  it('come from .meshpath.yaml here or above, up to the root of the repository', async () => {
    await inFolder(
      { '.meshpath.yaml': SILENT, 'a/b/bad.yaml': BAD, 'inner/.git/HEAD': '', 'inner/bad.yaml': BAD },
      async ({ run, runWith }) => {
        assert.equal((await run('check', 'a')).code, 0);
        assert.equal((await runWith({ cwd: 'a/b' }, 'check')).code, 0);
        assert.equal((await runWith({ cwd: 'inner' }, 'check')).code, 1);
      },
    );
  });

  it('come from the file that is named instead', async () => {
    await inFolder(
      { '.meshpath.yaml': SILENT, 'strict.yaml': 'checks: {unknown-field: warning}\n', 'bad.yaml': BAD },
      async ({ run }) => {
        const { code, out } = await run('check', '--config', 'strict.yaml', 'bad.yaml');
        assert.equal(code, 0);
        assert.match(out, /bad.yaml:8:5 warning \[unknown-field\]/);
      },
    );
  });

  it('take releases with or without quotes, and keys without a value', async () => {
    const settings =
      'targets:\n  istio: 1.30\n  linkerd: "2.20"\n  gatewayApi: {version: 1.6, channel: experimental}\nrootNamespace:\nchecks: {}\n';
    await inFolder({ '.meshpath.yaml': settings, 'good.yaml': GOOD }, async ({ run }) => {
      assert.deepEqual(await run('check', 'good.yaml'), {
        code: 0,
        out: 'No problems in 1 file, 1 resource.\n',
        err: '',
      });
    });
  });

  it('may be empty', async () => {
    await inFolder({ '.meshpath.yaml': '# nothing yet\n', 'good.yaml': GOOD }, async ({ run }) => {
      assert.equal((await run('check', 'good.yaml')).code, 0);
    });
  });

  it('end the command when they are wrong, and the message names the place', async () => {
    const cases: [string, RegExp][] = [
      ['check:\n  a: off\n', /"?\.meshpath\.yaml:1:1: there is no setting "check"; there are .*checks/],
      ['targets:\n  istioo: "1.30"\n', /:2:3: there is no setting "targets.istioo"; there are istio, /],
      [
        'targets:\n  gatewayApi:\n    channel: stable\n',
        /:3:5: targets.gatewayApi.channel must be one of standard, experimental/,
      ],
      ['checks:\n  unknown-field: loud\n', /:2:3: checks.unknown-field must be one of error, warning, info, hint, off/],
      ['closedWorld: maybe\n', /:1:1: closedWorld must be true or false/],
      ['exclude: generated\n', /:1:1: exclude must be a list/],
      ['- a\n', /:1:1: the file must be a map/],
      ['targets: {istio: "1.30"\n', /:\d:\d+: \S/],
      ['a: &x {}\nchecks: *x\n', /:2:9: aliases are not supported/],
      ['__proto__: {polluted: true}\n', /there is no setting "__proto__"/],
    ];
    for (const [settings, message] of cases) {
      await inFolder({ '.meshpath.yaml': settings, 'good.yaml': GOOD }, async ({ run }) => {
        const { code, out, err } = await run('check', 'good.yaml');
        assert.equal(code, 2, settings);
        assert.match(err, message);
        assert.match(err, /^meshpath check: \.meshpath\.yaml:/);
        assert.equal(out, '');
      });
    }
    assert.equal(Object.hasOwn(Object.prototype, 'polluted'), false);
  });

  it('are not read when they are no text', async () => {
    await inFolder({ '.meshpath.yaml': Uint8Array.from([0xff, 0xfe]), 'good.yaml': GOOD }, async ({ run }) => {
      assert.match((await run('check')).err, /cannot read the settings "\.meshpath\.yaml": it is not UTF-8/);
    });
  });

  it('may name a check that does not exist, which is said and does no harm', async () => {
    await inFolder({ '.meshpath.yaml': 'checks:\n  unknown-feild: off\n', 'good.yaml': GOOD }, async ({ run }) => {
      const { code, err } = await run('check', 'good.yaml');
      assert.equal(code, 0);
      assert.match(err, /\.meshpath\.yaml:2:3: there is no check "unknown-feild"/);
    });
  });
});
