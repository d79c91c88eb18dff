import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { accessAnswerSchema, accessMatrixSchema } from '../../server/src/protocol/path.ts';
import { namespace, pod, service } from '../mesh/worldOf.ts';
import { type Folder, inFolder } from './run.ts';

const MESHED = { annotations: { 'linkerd.io/inject': 'enabled' } };
const SERVER = `
apiVersion: policy.linkerd.io/v1beta3
kind: Server
metadata: {name: api, namespace: shop}
spec: {podSelector: {matchLabels: {app: api}}, port: 80}`;
const FILES = {
  'shop.yaml': [
    namespace('shop'),
    pod('shop', 'web', MESHED),
    pod('shop', 'api', MESHED),
    pod('shop', 'db', MESHED),
    service('shop', 'api'),
    service('shop', 'db'),
  ].join('\n---\n'),
  'policies/server.yaml': SERVER,
};
const ASKED = ['access', '--from', 'shop/web', '--to', 'service:shop/api:80', '--path', '/'];

const inShop = (test: (folder: Folder) => Promise<void>) => inFolder(FILES, test);

describe('meshpath access', () => {
  it('says whether a request is allowed, by what, and where the policies stand', async () => {
    await inShop(async ({ run }) => {
      const { code, out } = await run(...ASKED);
      assert.equal(code, 0);
      assert.match(
        out,
        /^deny shop\/web to service shop\/api:80 GET \/ by no-authorization at li:shop\/api \(HTTP 403\)$/m,
      );
      assert.match(out, /^ {2}Server\/shop\/api is enforced at li:shop\/api.* policies\/server\.yaml:4$/m);
    });
  });

  it('fails when the answer is not the expected one', async () => {
    await inShop(async ({ run }) => {
      assert.equal((await run(...ASKED, '--expect', 'deny')).code, 0);
      assert.equal((await run(...ASKED, '--expect', 'allow')).code, 1);
    });
  });

  it('answers in JSON with places as they are shown', async () => {
    await inShop(async ({ run }) => {
      const { out } = await run(...ASKED, '--format', 'json');
      const [answer] = accessAnswerSchema.parse(JSON.parse(out)).cases;
      assert.equal(answer?.outcome.result, 'deny');
      const server = answer?.policies.find(({ ref }) => ref === 'Server/shop/api');
      assert.deepEqual(server?.place.file, 'policies/server.yaml');
      assert.deepEqual(server?.place.range.start, { line: 3, character: 17 });
    });
  });

  it('reads requests from a file, one or several', async () => {
    await inShop(async ({ run, write }) => {
      const request = { from: 'shop/web', to: { service: 'shop/db', port: 80 }, http: { method: 'GET', path: '/' } };
      await write('ask.json', JSON.stringify([request, { ...request, from: 'outside' }]));
      const { code, out } = await run('access', '--request', 'ask.json', '--expect', 'allow', 'shop.yaml');
      assert.equal(code, 0);
      assert.equal(out.match(/^allow /gm)?.length, 2);
    });
  });

  it('answers unknown, with the reason, for what is not in the workspace', async () => {
    await inShop(async ({ run }) => {
      const { code, out } = await run('access', '--from', 'shop/nobody', '--to', 'service:shop/api:80');
      assert.equal(code, 0);
      assert.match(out, /^unknown .*\n {2}from: no workload shop\/nobody in the workspace$/m);
    });
  });

  it('answers unknown where a resource on the path cannot be read, and names the resource and its file', async () => {
    await inShop(async ({ run, write }) => {
      const asked = ['--from', 'shop/web', '--to', 'service:shop/api:80', '--path', '/'];
      await write('policies/server.yaml', SERVER.replace('port: 80', 'port: 80, proxyProtocol: HTTP/9'));
      for (const command of ['access', 'path']) {
        const { code, out, err } = await run(command, ...asked);
        assert.equal(code, 0, err);
        assert.match(out, /unknown/);
        assert.match(out.replaceAll(/\s+/g, ' '), /Server shop\/api in .*policies\/server\.yaml: .*HTTP\/9/);
      }
      assert.equal((await run('access', ...asked, '--expect', 'allow')).code, 1);
    });
  });

  it('names what is wrong with a question', async () => {
    await inShop(async ({ run, write }) => {
      await write('bad.json', '{"from": "shop/web", "to": {"service": "shop/api"}}');
      for (const [args, message] of [
        [['access'], /--from and --to/],
        [['access', '--from', 'a/b', '--to', 'shop/api'], /--to cannot be "shop\/api"/],
        [['access', '--from', 'a/b', '--to', 'host:x:1', '--header', 'x'], /--header must be name=value/],
        [['access', '--from', 'a/b', '--to', 'host:x:1', '--path', 'x'], /--path must begin with a slash/],
        [['access', '--request', 'none.json'], /cannot read the requests "none.json"/],
        [['access', '--request', 'bad.json'], /bad.json: requests.0.to: must name a service/],
        [['access', '--request', 'shop.yaml'], /shop.yaml is not JSON/],
      ] as const) {
        const { code, err } = await run(...args);
        assert.equal(code, 2, args.join(' '));
        assert.match(err, message);
      }
    });
  });
});

describe('meshpath access --matrix', () => {
  it('lists who may call whom', async () => {
    await inShop(async ({ run }) => {
      const { code, out } = await run('access', '--matrix');
      assert.equal(code, 0);
      assert.deepEqual(out.split('\n'), [
        '           1   2',
        'shop/web  no yes',
        'shop/api  no yes',
        'shop/db   no yes',
        'outside   no yes',
        '',
        '1  shop/api:80',
        '2  shop/db:80',
        '',
      ]);
    });
  });

  it('answers in JSON, by client and then by port', async () => {
    await inShop(async ({ run }) => {
      const { matrix } = accessMatrixSchema.parse(
        JSON.parse((await run('access', '--matrix', '--format', 'json')).out),
      );
      assert.deepEqual(matrix.clients, ['shop/web', 'shop/api', 'shop/db', 'outside']);
      assert.deepEqual(matrix.targets, [
        { service: 'shop/api', port: 80 },
        { service: 'shop/db', port: 80 },
      ]);
      assert.deepEqual(
        matrix.outcomes.map((row) => row.map(({ result }) => result)),
        matrix.clients.map(() => ['deny', 'allow']),
      );
    });
  });
});
