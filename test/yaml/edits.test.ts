import assert from 'node:assert/strict';
import { asMap, at, entryOf } from '../../server/src/core/yaml/access.ts';
import {
  addEntry,
  applyEdits,
  removeEntry,
  removeItem,
  renameKey,
  replaceScalar,
  scalarText,
} from '../../server/src/core/yaml/edits.ts';
import { parseDocument } from '../../server/src/core/yaml/parse.ts';
import type { Edit } from '../../server/src/core/yaml/span.ts';
import type { MapNode, ScalarNode, YamlNode } from '../../server/src/core/yaml/tree.ts';

type Path = readonly (string | number)[];

/** The node at a path, nulls included. */
function nodeAt(source: string, path: Path): YamlNode {
  let node: YamlNode | undefined = parseDocument(source).root ?? undefined;
  for (const step of path) {
    node =
      typeof step === 'number' ? (node?.kind === 'seq' ? node.items[step] : undefined) : entryOf(node, step)?.value;
  }
  assert.ok(node, `nothing at ${path.join('.')}`);
  return node;
}

function applied(source: string, edit: Edit | undefined): string | undefined {
  if (!edit) return undefined;
  const result = applyEdits(source, [edit]);
  assert.deepEqual(parseDocument(result).problems, [], `does not parse:\n${result}`);
  return result;
}

interface Case {
  readonly name: string;
  readonly before: string;
  readonly path: Path;
  /** Undefined when no edit is right. */
  readonly after: string | undefined;
}

function each(title: string, cases: readonly Case[], edit: (source: string, node: YamlNode) => Edit | undefined): void {
  describe(title, () => {
    for (const { name, before, path, after } of cases) {
      it(name, () => assert.equal(applied(before, edit(before, nodeAt(before, path))), after));
    }
  });
}

each(
  'removeEntry',
  [
    { name: 'a line', before: 'a: 1\nb: 2\nc: 3\n', path: ['b'], after: 'a: 1\nc: 3\n' },
    {
      name: 'with the lines of its value',
      before: 'a: 1\nb:\n  c:\n    - x\n  d: 2\ne: 3\n',
      path: ['b'],
      after: 'a: 1\ne: 3\n',
    },
    { name: 'with a block scalar', before: 'a: |\n  x\n  y\nb: 2\n', path: ['a'], after: 'b: 2\n' },
    {
      name: 'with its trailing comment, but no other',
      before: '# one\na: 1 # gone\n# two\nb: 2\n',
      path: ['a'],
      after: '# one\n# two\nb: 2\n',
    },
    { name: 'a key without a value', before: 'a:\nb: 2\n', path: ['a'], after: 'b: 2\n' },
    { name: 'the last line without a line break', before: 'a: 1\nb: 2', path: ['b'], after: 'a: 1\n' },
    { name: 'CRLF', before: 'a: 1\r\nb: 2\r\nc: 3\r\n', path: ['b'], after: 'a: 1\r\nc: 3\r\n' },
    { name: 'after a byte order mark', before: '\uFEFFa: 1\nb: 2\n', path: ['a'], after: '\uFEFFb: 2\n' },
    {
      name: 'the first key of a list item',
      before: '- a: 1\n  b: 2\n- c: 3\n',
      path: [0, 'a'],
      after: '- b: 2\n- c: 3\n',
    },
    {
      name: 'the last key of a list item',
      before: '- a: 1\n  b: 2\n- c: 3\n',
      path: [0, 'b'],
      after: '- a: 1\n- c: 3\n',
    },
    {
      name: 'the first key of a list in a list',
      before: '- - a: 1\n    b: 2\n',
      path: [0, 0, 'a'],
      after: '- - b: 2\n',
    },
    {
      name: 'the only key of a list item',
      before: 'x:\n  - a: 1 # why\n  - b: 2\n',
      path: ['x', 0, 'a'],
      after: 'x:\n  - {} # why\n  - b: 2\n',
    },
    {
      name: 'the only key of a map takes the key of the map along',
      before: 'x:\n  y:\n    a: 1\nz: 1\n',
      path: ['x', 'y', 'a'],
      after: 'z: 1\n',
    },
    { name: 'the only key of all', before: 'a:\n  b: 1\n', path: ['a', 'b'], after: '{}\n' },
    {
      name: 'in flow style, first, middle, last',
      before: 'x: {a: 1, b: 2, c: 3}\n',
      path: ['x', 'a'],
      after: 'x: {b: 2, c: 3}\n',
    },
    { name: 'in flow style, last', before: 'x: {a: 1, b: 2}\n', path: ['x', 'b'], after: 'x: {a: 1}\n' },
    { name: 'in flow style, only', before: 'x: {a: 1}\n', path: ['x', 'a'], after: 'x: {}\n' },
    { name: 'in flow style over lines', before: '{\n  "a": 1,\n  "b": 2\n}\n', path: ['b'], after: '{\n  "a": 1\n}\n' },
    { name: 'not where an anchor would go', before: 'a:\n  b: &x 1\nc: *x\n', path: ['a'], after: undefined },
    {
      name: 'only the content of a map that has an anchor',
      before: 'a: &x\n  b: 1\nc: *x\n',
      path: ['a', 'b'],
      after: 'a: &x\n  {}\nc: *x\n',
    },
    {
      name: 'not a first key written with a question mark',
      before: '- ? a\n  : 1\n  b: 2\n',
      path: [0, 'a'],
      after: undefined,
    },
  ],
  removeEntry,
);

each(
  'removeItem',
  [
    { name: 'a line', before: 'x:\n  - a\n  - b # gone\n  - c\n', path: ['x', 1], after: 'x:\n  - a\n  - c\n' },
    { name: 'a map', before: 'x:\n- a: 1\n  b: 2\n- c: 3\n', path: ['x', 0], after: 'x:\n- c: 3\n' },
    { name: 'a negative number', before: 'x:\n- -1\n- -2\n', path: ['x', 1], after: 'x:\n- -1\n' },
    { name: 'an empty item', before: 'x:\n-\n- a\n', path: ['x', 0], after: 'x:\n- a\n' },
    { name: 'the last line without a line break', before: 'x:\n  - a\n  - b', path: ['x', 1], after: 'x:\n  - a\n' },
    { name: 'CRLF', before: 'x:\r\n  - a\r\n  - b\r\ny: 1\r\n', path: ['x', 0], after: 'x:\r\n  - b\r\ny: 1\r\n' },
    { name: 'the only one', before: 'x:\n  - a\ny: 1\n', path: ['x', 0], after: 'x: []\ny: 1\n' },
    {
      name: 'the only one, not indented',
      before: 'x:\n- a: 1\n  b: 2\ny: 1\n',
      path: ['x', 0],
      after: 'x: []\ny: 1\n',
    },
    { name: 'the only one below a comment', before: 'x: # why\n  - a\n', path: ['x', 0], after: undefined },
    { name: 'the only one of a list in a list', before: '- - a\n- b\n', path: [0, 0], after: '- []\n- b\n' },
    { name: 'in flow style, first', before: 'x: [a, b, c]\n', path: ['x', 0], after: 'x: [b, c]\n' },
    { name: 'in flow style, last', before: 'x: [a, b]\n', path: ['x', 1], after: 'x: [a]\n' },
    { name: 'in flow style, only', before: 'x: [a]\n', path: ['x', 0], after: 'x: []\n' },
    { name: 'not where an anchor would go', before: 'x:\n  - &a 1\n  - *a\n', path: ['x', 0], after: undefined },
  ],
  removeItem,
);

describe('addEntry', () => {
  const cases: readonly (Case & { readonly value?: string })[] = [
    { name: 'below the last key', before: 'x:\n  a: 1\ny: 2\n', path: ['x'], after: 'x:\n  a: 1\n  k: v\ny: 2\n' },
    {
      name: 'below a nested value',
      before: 'x:\n  a:\n    - b\n    - c\ny: 2\n',
      path: ['x'],
      after: 'x:\n  a:\n    - b\n    - c\n  k: v\ny: 2\n',
    },
    {
      name: 'below a block scalar',
      before: 'x:\n  a: |\n    t\ny: 2\n',
      path: ['x'],
      after: 'x:\n  a: |\n    t\n  k: v\ny: 2\n',
    },
    { name: 'below a key without a value', before: 'x:\n  a:\ny: 2\n', path: ['x'], after: 'x:\n  a:\n  k: v\ny: 2\n' },
    {
      name: 'below a trailing comment',
      before: 'x:\n  a: 1 # why\n',
      path: ['x'],
      after: 'x:\n  a: 1 # why\n  k: v\n',
    },
    { name: 'after a last line without a line break', before: 'x:\n  a: 1', path: ['x'], after: 'x:\n  a: 1\n  k: v' },
    { name: 'CRLF', before: 'x:\r\n  a: 1\r\ny: 2\r\n', path: ['x'], after: 'x:\r\n  a: 1\r\n  k: v\r\ny: 2\r\n' },
    { name: 'in a list item', before: '- a: 1\n- b: 1\n', path: [0], after: '- a: 1\n  k: v\n- b: 1\n' },
    { name: 'after a byte order mark', before: '\uFEFFa: 1\n', path: [], after: '\uFEFFa: 1\nk: v\n' },
    { name: 'in flow style', before: 'x: {a: 1}\n', path: ['x'], after: 'x: {a: 1, k: v}\n' },
    { name: 'in an empty map', before: 'x: {}\n', path: ['x'], after: 'x: {k: v}\n' },
    { name: 'in JSON, as JSON', before: '{"x": {"a": 1}}', path: ['x'], after: '{"x": {"a": 1, "k": "v"}}' },
    { name: 'in an empty map of JSON', before: '{"x": {}}', path: ['x'], after: '{"x": {"k": "v"}}' },
    {
      name: 'a value of several lines',
      before: 'x:\r\n  a: 1\r\n',
      path: ['x'],
      after: 'x:\r\n  a: 1\r\n  k:\r\n    - v\r\n    - w\r\n',
      value: '- v\n- w',
    },
  ];
  for (const { name, before, path, after, value = 'v' } of cases) {
    it(name, () => {
      const map = asMap(nodeAt(before, path)) as MapNode;
      assert.equal(applied(before, addEntry(before, map, 'k', value)), after);
    });
  }
});

describe('replaceScalar', () => {
  function replaced(before: string, value: string | number): string | undefined {
    return applied(before, replaceScalar(nodeAt(before, ['a']) as ScalarNode, value));
  }

  it('keeps the place, the quotes and the comment', () => {
    assert.equal(replaced('a: x # why\n', 'z'), 'a: z # why\n');
    assert.equal(replaced('a: "x"\n', 'y"'), 'a: "y\\""\n');
    assert.equal(replaced("a: 'x'\n", "it's"), "a: 'it''s'\n");
    assert.equal(replaced('{"a": "x"}', 'y'), '{"a": "y"}');
  });

  it('writes texts that they stay texts, and numbers as numbers', () => {
    assert.equal(replaced('a: x', '80'), 'a: "80"');
    assert.equal(replaced('a: x', 'on'), 'a: "on"');
    assert.equal(replaced('a: x', 80), 'a: 80');
    assert.equal(replaced('a: x', 'p, q'), 'a: p, q');
    assert.equal(replaced('{a: x}', 'p, q'), '{a: "p, q"}');
  });

  it('fills a key that has no value', () => {
    assert.equal(replaced('a:\n', 'z'), 'a: z\n');
    assert.equal(replaced('{a}', 'z'), '{a: z}');
  });

  it('renames keys in their own quotes', () => {
    for (const [before, after] of [
      ['a: 1', 'b: 1'],
      ['"a": 1', '"b": 1'],
      ['{a}', '{b}'],
    ] as const) {
      const key = asMap(parseDocument(before).root)?.entries[0]?.key;
      assert.ok(key);
      assert.equal(applied(before, renameKey(key, 'b')), after);
    }
  });
});

describe('scalarText', () => {
  const texts = [
    'plain',
    'two words',
    '/path',
    '~',
    '~x',
    'yes',
    'null',
    '1.5',
    '',
    ' x',
    'x ',
    'a: b',
    'a:',
    'a #b',
    'a#b',
    '- x',
    '-',
    '---',
    '-x',
    '?x',
    '*',
    '&a',
    '!t',
    '|',
    '>',
    '%',
    '@',
    '`',
    '"q"',
    "it's",
    '{x}',
    '[x]',
    'a,b',
    'a\nb',
    'a\tb',
    '#c',
    '$x',
    '^x$',
    '\u0007',
    '😀',
    '<<',
    '=',
  ];
  for (const value of texts) {
    it(`${JSON.stringify(value)} is read back`, () => {
      for (const source of [`a: ${scalarText(value)}\n`, `{a: ${scalarText(value)}}`, `- ${scalarText(value)}\n`]) {
        const { root, problems } = parseDocument(source);
        const node = at(root, root?.kind === 'seq' ? 0 : 'a');
        assert.deepEqual(
          [problems, node?.kind === 'scalar' && [node.type, node.text]],
          [[], ['string', value]],
          source,
        );
      }
    });
  }
});
