import assert from 'node:assert/strict';
import { type CheckDiagnostic, check } from '../server/src/api.ts';
import { sampleFiles, type TextFile } from './properties/texts.ts';

const MARKER = /^\s*# expect: (error|warning|info|hint) ([a-z0-9-]+)$/;

/** What the markers of a file announce: each speaks of the diagnostic that begins on the next line that is no marker. */
function expectedIn({ path, text }: TextFile): string[] {
  const lines = text.split('\n');
  return lines.flatMap((line, index) => {
    const marker = MARKER.exec(line);
    if (!marker) return [];
    let target = index + 1;
    while (MARKER.test(lines[target] ?? '')) target++;
    return [`${path}:${target + 1} ${marker[1]} ${marker[2]}`];
  });
}

function shown({ file, range, severity, code, message }: CheckDiagnostic): string {
  return `${file}:${range.start.line + 1} ${severity} ${code}: ${message}`;
}

describe('samples', () => {
  const all = sampleFiles();
  const faults = all.filter(({ path }) => path.startsWith('faults/'));

  it('the shops are without fault, alone and together', async () => {
    const shops = all.filter(({ path }) => path.startsWith('shop-'));
    assert.ok(shops.length > 30);
    assert.deepEqual((await check({ files: shops })).diagnostics.map(shown), []);
    for (const folder of new Set(shops.map(({ path }) => path.slice(0, path.indexOf('/'))))) {
      const { diagnostics } = await check({ files: sampleFiles(folder) });
      assert.deepEqual(diagnostics.map(shown), [], folder);
    }
  });

  it('the faults are exactly those that the markers announce', async () => {
    const expected = faults.flatMap(expectedIn);
    assert.ok(expected.length > 80);
    const open = [...expected];
    const unexpected: string[] = [];
    for (const diagnostic of (await check({ files: faults })).diagnostics) {
      const at = open.findIndex((marker) => shown(diagnostic).startsWith(`${marker}: `));
      if (at === -1) unexpected.push(shown(diagnostic));
      else open.splice(at, 1);
    }
    assert.deepEqual({ unexpected, missing: open }, { unexpected: [], missing: [] });
  });

  it('every faulty document is announced, and the backdrop has none', () => {
    for (const { path, text } of faults) {
      const documents = text.split(/^---$/m);
      const announced = documents.filter((document) => /# expect: /.test(document));
      assert.equal(announced.length, path.includes('00-backdrop') ? 0 : documents.length, path);
    }
  });
});
