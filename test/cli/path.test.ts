import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { pathAnswerSchema } from '../../server/src/protocol/path.ts';
import { namespace, pod, service } from '../mesh/worldOf.ts';
import { type Folder, inFolder } from './run.ts';

const FILES = {
  'shop.yaml': [
    namespace('shop', { 'istio.io/dataplane-mode': 'ambient' }),
    pod('shop', 'web'),
    pod('shop', 'api'),
    service('shop', 'api'),
  ].join('\n---\n'),
};
const ASKED = ['path', '--from', 'shop/web', '--to', 'service:shop/api:80', '--path', '/'];

const inShop = (test: (folder: Folder) => Promise<void>) => inFolder(FILES, test);

describe('meshpath path', () => {
  it('numbers the hops, and says of each leg what it is', async () => {
    await inShop(async ({ run }) => {
      const { code, out } = await run(...ASKED);
      assert.equal(code, 0);
      assert.deepEqual(
        out.split('\n').flatMap((line) => /^(\d)\. /.exec(line)?.[1] ?? []),
        ['1', '2', '3', '4'],
      );
      assert.match(out, /HBONE/);
      assert.match(out, /spiffe:\/\/cluster\.local\/ns\/shop\/sa\/default/);
    });
  });

  it('answers in JSON as published', async () => {
    await inShop(async ({ run }) => {
      const { out } = await run(...ASKED, '--format', 'json');
      const [answer] = pathAnswerSchema.parse(JSON.parse(out)).cases;
      assert.deepEqual(
        answer?.legs.map(({ kind }) => kind),
        ['capture', 'hbone', 'deliver'],
      );
    });
  });

  it('takes the request into another mesh', async () => {
    await inShop(async ({ run }) => {
      const { out } = await run(...ASKED, '--format', 'json', '--as', 'linkerd');
      const [answer] = pathAnswerSchema.parse(JSON.parse(out)).cases;
      assert.ok(answer?.legs.some(({ kind }) => kind === 'linkerd-mtls'));
    });
  });

  it('says that delegates go in a circle instead of following them', async () => {
    const virtual = (name: string, other: string, hosts: string) =>
      `---\napiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata: {name: ${name}, namespace: shop}\nspec: {${hosts}http: [{delegate: {name: ${other}}}]}\n`;
    const circle = virtual('api', 'part', 'hosts: [api], ') + virtual('part', 'api', '');
    const files = {
      'shop.yaml': FILES['shop.yaml'].replace('istio.io/dataplane-mode":"ambient', 'istio-injection":"enabled'),
    };
    await inFolder({ ...files, 'circle.yaml': circle }, async ({ run }) => {
      for (const command of ['path', 'access']) {
        const { code, out } = await run(command, ...ASKED.slice(1));
        assert.equal(code, 0);
        assert.match(out, /unknown|Not known/);
        assert.match(
          out.replaceAll(/\s+/g, ' '),
          /VirtualService shop\/api delegates in a circle: shop\/api, shop\/part, shop\/api/,
        );
      }
      const route = await run('route', '--host', 'api.shop.svc.cluster.local');
      assert.match(route.out, /in a circle: shop\/api, shop\/part, shop\/api/);
    });
  });

  it('draws as a flowchart and as a picture', async () => {
    await inShop(async ({ run, write }) => {
      assert.match((await run(...ASKED, '--format', 'mermaid')).out, /^flowchart /m);
      assert.match((await run(...ASKED, '--format', 'svg')).out, /^<svg [^>]*xmlns=/);
      await write('ask.json', '[]');
      const several = await run('path', '--request', 'ask.json', '--format', 'svg');
      assert.equal(several.code, 2);
      assert.match(several.err, /--format svg draws one request at a time/);
    });
  });
});
