import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { loadPage, newNonce, type PageHost, pageHtml } from '../../client/src/hopPath/page.ts';

const parts = { source: 'https://pages.test', script: 'https://pages.test/a.js', styles: 'https://pages.test/a.css' };

describe('the page of the hop path panel', () => {
  it('may load its own script and styles, and nothing else', () => {
    const html = pageHtml({ ...parts, nonce: 'abc123' });
    const policy = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(html)?.[1];
    assert.equal(policy, "default-src 'none'; style-src https://pages.test; script-src 'nonce-abc123'");
  });

  it('has one script, which carries the nonce, and no handler in an attribute', () => {
    const html = pageHtml({ ...parts, nonce: 'abc123' });
    assert.deepEqual(html.match(/<script[^>]*>/g), ['<script nonce="abc123" src="https://pages.test/a.js">']);
    assert.match(html, /<script[^>]*><\/script>/);
    assert.doesNotMatch(html, /\son\w+\s*=|\sstyle\s*=|javascript:|<style/i);
  });

  it('gets another nonce of 128 bits for each load', () => {
    const nonces = new Set(Array.from({ length: 1000 }, newNonce));
    assert.equal(nonces.size, 1000);
    for (const nonce of nonces) assert.match(nonce, /^[0-9a-f]{32}$/);
  });

  it('can reach the folder that was built for it, and no other', () => {
    const host: PageHost<string> = {
      cspSource: 'https://pages.test',
      asWebviewUri: (place) => `https://pages.test/${place}`,
      options: {},
      html: '',
    };
    const load = () => {
      loadPage(host, 'extension/dist', (name) => `extension/dist/${name}`);
      return host.html;
    };
    const first = load();
    assert.notEqual(load(), first);
    assert.deepEqual(host.options, { enableScripts: true, localResourceRoots: ['extension/dist'] });
    const loaded = [...first.matchAll(/(?:src|href)="([^"]*)"/g)].map(([, address]) => address);
    assert.deepEqual(
      loaded,
      ['css', 'js'].map((kind) => `https://pages.test/extension/dist/hopPath.${kind}`),
    );
  });
});
