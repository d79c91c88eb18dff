import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { routeAnswerSchema } from '../../server/src/protocol/route.ts';
import { type Folder, inFolder } from './run.ts';

const FILES = {
  'routes/shop.yaml': `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: shop, namespace: shop}
spec:
  hosts: [shop.example.com]
  http:
    - match: [{uri: {prefix: /cart}, method: {exact: GET}}]
      route:
        - {destination: {host: cart, subset: v1, port: {number: 80}}, weight: 75}
        - {destination: {host: cart, subset: v2, port: {number: 80}}, weight: 25}
    - match: [{headers: {x-beta: {exact: "yes"}}}]
      redirect: {uri: /beta}
`,
};
const ASKED = ['route', '--host', 'shop.example.com'];

const inShop = (test: (folder: Folder) => Promise<void>) => inFolder(FILES, test);

describe('meshpath route', () => {
  it('names the rule, its place, the destinations with their shares, and why others lose', async () => {
    await inShop(async ({ run }) => {
      const { code, out } = await run(...ASKED, '--path', '/cart/1');
      assert.equal(code, 0);
      assert.equal(
        out,
        [
          'GET shop.example.com/cart/1',
          '  VirtualService/shop/shop rule 1 wins routes/shop.yaml:8',
          '    75% to cart.shop.svc.cluster.local:80 subset v1',
          '    25% to cart.shop.svc.cluster.local:80 subset v2',
          '  not chosen:',
          '    VirtualService/shop/shop rule 2 does not match routes/shop.yaml:12',
          '',
        ].join('\n'),
      );
    });
  });

  it('says what the proxy answers by itself', async () => {
    await inShop(async ({ run }) => {
      const { out } = await run(...ASKED, '--header', 'X-Beta=yes');
      assert.match(out, /rule 2 wins .*\n {4}the proxy itself answers with HTTP 301 \(redirect\)$/m);
    });
  });

  it('tells a host without routes from a request that none takes', async () => {
    await inShop(async ({ run }) => {
      assert.match((await run(...ASKED)).out, /no rule matches: the proxy answers with HTTP 404/);
      assert.match((await run('route', '--host', 'other.example.com')).out, /No route is for this host/);
    });
  });

  it('answers in JSON as its schema says', async () => {
    await inShop(async ({ run }) => {
      const { out } = await run(...ASKED, '--path', '/cart', '--format', 'json');
      const { match, lost } = routeAnswerSchema.parse(JSON.parse(out));
      assert.equal(match?.resource, 'VirtualService/shop/shop');
      assert.equal(match?.rule, 0);
      assert.deepEqual(
        match?.destinations.map(({ subset, weight }) => [subset, weight]),
        [
          ['v1', 75],
          ['v2', 25],
        ],
      );
      assert.deepEqual(
        lost.map(({ rule }) => rule),
        [1],
      );
    });
  });

  it('refuses a question without a host, and a path without a slash', async () => {
    await inShop(async ({ run }) => {
      assert.equal((await run('route')).code, 2);
      assert.equal((await run(...ASKED, '--path', 'cart')).code, 2);
    });
  });
});
