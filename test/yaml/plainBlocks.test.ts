import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { parseAnything } from '../../server/src/core/yaml/parse.ts';
import { readPlainBlocks } from '../../server/src/core/yaml/plainBlocks.ts';
import { splitDocuments } from '../../server/src/core/yaml/split.ts';

const ROOT = join(import.meta.dirname, '../..');
const DOCUMENTS = ['samples', 'test/fixtures'].flatMap((folder) =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.ya?ml$/.test(name))
    .sort()
    .flatMap((name) => {
      const text = readFileSync(join(ROOT, folder, name), 'utf8');
      return splitDocuments(text).map(({ start, end }) => text.slice(start, end));
    }),
);

/** Where the quick reader gives a tree, the library gives the same one and has nothing to complain about. */
function compare(text: string): boolean {
  const root = readPlainBlocks(text);
  if (!root) return false;
  const library = parseAnything(text);
  assert.deepEqual(library.problems, [], JSON.stringify(text));
  assert.deepEqual(root, library.root, JSON.stringify(text));
  return true;
}

describe('reading plain blocks', () => {
  it('gives the tree of the library, for most of what is in samples and fixtures', () => {
    const read = DOCUMENTS.filter(compare).length;
    assert.ok(read > DOCUMENTS.length / 2, `${read} of ${DOCUMENTS.length}`);
  });

  it('gives the tree of the library or none, whatever is typed into them', () => {
    const pieces = fc.constantFrom(
      ...['\n', ' ', '  ', '- ', '-', ':', ': ', '#', ' # b', '"', "'", '{}', '[]', '[a, b]', '[', '{', '}', ']', ','],
      ...[
        'a',
        'key: ',
        'key:\n',
        '\n# c\n',
        '\n  # c\n',
        '---\n',
        '...\n',
        '|',
        '>',
        '&a ',
        '*a',
        '!t ',
        '? ',
        '%',
        '@',
      ],
      ...['~', '0x1', '1e3', 'yes', '<<: ', '\\', '\n\n', '\t', 'é', '😀', '\u00a0', '- - a\n', '- a: b\n', "''", '""'],
    );
    const change = fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(12), fc.array(pieces, { maxLength: 3 }));
    fc.assert(
      fc.property(fc.nat(DOCUMENTS.length - 1), fc.array(change, { minLength: 1, maxLength: 3 }), (index, changes) => {
        let text = DOCUMENTS[index] ?? '';
        for (const [at, remove, insert] of changes) {
          const start = Math.floor(at * text.length);
          text = text.slice(0, start) + insert.join('') + text.slice(start + remove);
        }
        compare(text);
      }),
      { numRuns: 2000 },
    );
  });

  it('gives the tree of the library or none, for trees written in all ways', () => {
    let read = 0;
    fc.assert(
      fc.property(written, fc.constantFrom('', '\n', '\n\n', ' \n', '\n# c\n'), (lines, end) => {
        if (compare(lines.join('\n') + end)) read++;
      }),
      { numRuns: 2000 },
    );
    assert.ok(read > 200, `${read}`);
  });
});

/** Lines of a block. The first may be put behind a dash; the others are then indented. */
const { written } = fc.letrec<{ written: string[]; value: string[]; entry: string[]; item: string[] }>((tie) => ({
  written: fc
    .array(fc.tuple(tie('entry'), fc.constantFrom([], [], [], [''], ['# c'], ['  # c'])), {
      minLength: 1,
      maxLength: 3,
    })
    .map((entries) => entries.flatMap(([lines, between]) => [...lines, ...between])),
  entry: fc
    .tuple(fc.constantFrom('a', 'b', 'c-d.e/f', '1', 'true'), tie('value'), fc.constantFrom('', ' ', ' # c'))
    .map(([key, [first = '', ...rest], after]) => [`${key}:${first}${after}`, ...rest]),
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc
      .constantFrom(' v', '  v w', ' v#c', ' "q"', " 's'", ' {}', ' []', ' [a, b]', ' -1', '', ' 1.5', ' yes')
      .map((text) => [text]),
    fc.tuple(fc.constantFrom(' ', '  ', '    '), tie('written')).map(([by, lines]) => ['', ...indented(lines, by)]),
    fc
      .tuple(fc.constantFrom('', ' ', '  '), fc.array(tie('item'), { minLength: 1, maxLength: 3 }))
      .map(([by, items]) => ['', ...indented(items.flat(), by)]),
  ),
  item: fc.oneof(
    fc.constantFrom('- v', '- "q"', '- v w # c', '- [a]', '-  v', '- {}').map((text) => [text]),
    fc
      .tuple(fc.constantFrom('- ', '-   '), tie('written'))
      .map(([dash, [first = '', ...rest]]) => [dash + first, ...indented(rest, ' '.repeat(dash.length))]),
  ),
}));

function indented(lines: readonly string[], by: string): string[] {
  return lines.map((line) => by + line);
}
