import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { describe, it } from 'mocha';
import { readRequestLink, requestLink } from '../../server/src/protocol/link.ts';
import type { PathRequestJson } from '../../server/src/protocol/path.ts';

/** A link as an editor hands it over: taken apart, and decoded once. */
function opened(link: string): { path: string; query: string } {
  const [address = '', query = ''] = link.split('?');
  return { path: address.slice(address.indexOf('/', 'vscode://'.length)), query: decodeURIComponent(query) };
}

const text = fc.string({ unit: 'binary' });
const http = fc.record(
  {
    method: text,
    path: text,
    host: text,
    headers: fc.dictionary(
      text.filter((name) => name !== '__proto__'),
      text,
    ),
  },
  { requiredKeys: ['method', 'path'] },
);
const request: fc.Arbitrary<PathRequestJson> = fc.record(
  { from: text, to: fc.record({ service: text, port: fc.nat() }), http },
  { requiredKeys: ['from', 'to'] },
);

describe('links to a request', () => {
  it('are made of the address of the extension and the request', () => {
    const link = requestLink('vscode', 'meshpath.meshpath', {
      from: 'shop/web',
      to: { service: 'shop/cart', port: 80 },
    });
    assert.ok(link.startsWith('vscode://meshpath.meshpath/path?request=%7B%22from%22%3A%22shop%2Fweb%22'));
  });

  it('give the request back, whatever is in it', () => {
    fc.assert(
      fc.property(request, (given) => {
        const link = requestLink('vscode', 'meshpath.meshpath', given);
        assert.doesNotMatch(link, /[\s"<>`\\]/);
        assert.deepEqual(readRequestLink(opened(link)), JSON.parse(JSON.stringify(given)));
      }),
    );
  });

  it('are refused with what is wrong', () => {
    const refused: [path: string, query: string, why: RegExp][] = [
      ['/', 'request={}', /no link to a hop path/],
      ['/path', '', /no link to a hop path/],
      ['/path', 'command=workbench.action.quit', /no link to a hop path/],
      ['/path', 'request=from', /not JSON/],
      ['/path', 'request=[]', /one request/],
      ['/path', 'request={"from":1}', /requests\.0\./],
      ['/path', 'request={"from":"a","to":{"service":"b"}}', /must name a service, a pod or a host/],
      ['/path', 'request={"from":"a","to":{"service":"b","port":1},"run":"x"}', /run/],
      ['/path', `request=${JSON.stringify({ from: 'a'.repeat(20_000) })}`, /longer than/],
    ];
    for (const [path, query, why] of refused) {
      assert.throws(() => readRequestLink({ path, query }), { name: 'TypeError', message: why });
    }
    fc.assert(
      fc.property(fc.string(), fc.string(), (path, query) => {
        assert.throws(() => readRequestLink({ path, query }), TypeError);
      }),
    );
  });
});
