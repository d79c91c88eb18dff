import assert from 'node:assert/strict';
import {
  anchorOf,
  at,
  deref,
  entriesOf,
  entryOf,
  has,
  isPresent,
  items,
  pathOf,
  pathText,
  text,
} from '../../server/src/core/yaml/access.ts';
import { parseDocument } from '../../server/src/core/yaml/parse.ts';
import type { YamlNode } from '../../server/src/core/yaml/tree.ts';

function rootOf(source: string): YamlNode {
  const { root } = parseDocument(source);
  assert.ok(root);
  return root;
}

describe('reading a tree', () => {
  it('walks keys, indexes and aliases', () => {
    const root = rootOf('base: &b {name: x}\nlist:\n  - *b\n  - name: y\n');
    assert.equal(text(root, 'list', 0, 'name'), 'x');
    assert.equal(text(root, 'list', 1, 'name'), 'y');
    assert.equal(text(root, 'list', 2, 'name'), undefined);
    assert.equal(items(root, 'list').length, 2);
  });

  it('takes nulls as absent and templates as present but unknown', () => {
    const root = rootOf('a:\nb: ~\nc: {{ .x }}\n');
    assert.deepEqual(
      ['a', 'b', 'c', 'd'].map((key) => has(root, key)),
      [false, false, true, false],
    );
    assert.equal(text(root, 'c'), undefined);
  });

  it('reads the last of two equal keys', () => assert.equal(text(rootOf('a: 1\na: 2\n'), 'a'), '2'));

  it('finds keys that are names of object members elsewhere', () => {
    const root = rootOf('__proto__: p\nconstructor: c\ntoString: t\n');
    assert.deepEqual(
      ['__proto__', 'constructor', 'toString', 'hasOwnProperty'].map((key) => text(root, key)),
      ['p', 'c', 't', undefined],
    );
  });

  it('names paths as people write them', () => {
    const root = rootOf('spec:\n  http:\n    - route:\n        - weight: 5\n');
    const node = at(root, 'spec', 'http', 0, 'route', 0, 'weight');
    assert.ok(node);
    assert.equal(pathText(pathOf(node)), 'spec.http[0].route[0].weight');
  });
});

describe('merge keys', () => {
  it('own keys win over merged ones, and the first merged one wins', () => {
    const root = rootOf('x: &x {a: 1, b: 1, c: 1}\ny: &y {b: 2, d: 2}\nz:\n  <<: [*x, *y]\n  c: 3\n');
    const found = entriesOf(at(root, 'z')).map((entry) => `${entry.key.text}${text(entry.value)}`);
    assert.deepEqual(found.sort(), ['a1', 'b1', 'c3', 'd2']);
  });

  it('merges of merges', () => {
    const root = rootOf('x: &x {a: 1}\ny: &y\n  <<: *x\n  b: 2\nz:\n  <<: *y\n');
    assert.equal(text(root, 'z', 'a'), '1');
  });

  it('a quoted << is a key like any other', () => {
    assert.deepEqual(
      entriesOf(rootOf('"<<": {a: 1}\n')).map((entry) => entry.key.text),
      ['<<'],
    );
  });

  it('a map that merges itself ends', () =>
    assert.equal(entriesOf(at(rootOf('a: &a\n  <<: *a\n  b: 1\n'), 'a')).length, 1));

  it('merges that bring nothing that is a map bring nothing', () => {
    assert.deepEqual(
      entriesOf(rootOf('<<: 5\na: 1\n')).map((entry) => entry.key.text),
      ['a'],
    );
    assert.deepEqual(
      entriesOf(rootOf('<<: *gone\na: 1\n')).map((entry) => entry.key.text),
      ['a'],
    );
  });

  it('a long chain of merges is read to its end, and one as long as the file is refused', () => {
    const chain = (length: number) =>
      [
        'k0: &k0 {a: 1}',
        ...Array.from({ length }, (_, index) => `k${index + 1}: &k${index + 1}\n  <<: *k${index}`),
      ].join('\n');
    assert.equal(text(rootOf(chain(300)), 'k300', 'a'), '1');
    assert.deepEqual(
      parseDocument(chain(20_000)).problems.map((problem) => problem.code),
      ['too-many-aliases'],
    );
  });
});

describe('aliases', () => {
  it('a cycle is followed as far as it is asked for', () => {
    const root = rootOf('a: &a\n  b: *a\n  c: 1\n');
    assert.equal(text(root, 'a', 'b', 'b', 'b', 'c'), '1');
  });

  it('an alias without an anchor is told, and is nothing', () => {
    const { root, problems } = parseDocument('hosts:\n  - *.example.com\nx: *gone\n');
    assert.deepEqual(
      problems.map(({ code, start, end }) => ({ code, start, end })),
      [
        { code: 'bad-alias', start: 11, end: 24 },
        { code: 'bad-alias', start: 28, end: 33 },
      ],
    );
    assert.equal(isPresent(entryOf(root, 'x')?.value), false);
    assert.equal(deref(entryOf(root, 'x')?.value), undefined);
  });
});

describe('anchorOf', () => {
  it('is one key or one scalar', () => {
    const source = 'a:\n  b: 1\nlist:\n  - c: 2\n  - []\nempty:\n';
    const root = rootOf(source);
    const shown = (node: YamlNode | undefined) => node && source.slice(anchorOf(node).start, anchorOf(node).end);
    assert.deepEqual(
      [at(root, 'a'), at(root, 'a', 'b'), at(root, 'list', 0), at(root, 'list', 1), entryOf(root, 'empty')?.value].map(
        shown,
      ),
      ['a', '1', 'c', '[', 'empty'],
    );
  });
});
