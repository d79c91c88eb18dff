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
