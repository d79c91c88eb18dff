import assert from 'node:assert/strict';
import { asScalar, at, bool, num, text } from '../../server/src/core/yaml/access.ts';
import { parseDocument } from '../../server/src/core/yaml/parse.ts';
import { isAmbiguousPlain, plainType } from '../../server/src/core/yaml/scalar.ts';
import type { ScalarType } from '../../server/src/core/yaml/tree.ts';

const PLAIN: Readonly<Record<ScalarType, readonly string[]>> = {
  string: [
    'text',
    'tRue',
    'Yes!',
    'nO',
    '1.2.3',
    '1s',
    '0x',
    '0b2',
    '12:30',
    '2024-01-01',
    '.',
    '-',
    '+',
    '1e',
    '_1',
    'nil',
    'NuLL',
    '.Nan',
    '0o',
  ],
  int: ['0', '-1', '+7', '80', '0644', '0o17', '0x1F', '0b101', '1_000', '08', '0x_1'],
  float: ['1.5', '-.5', '1.', '1e3', '+1.5E-3', '.inf', '-.Inf', '.nan', '1_000.5'],
  bool: ['true', 'False', 'TRUE', 'yes', 'No', 'ON', 'off', 'y', 'N'],
  null: ['', '~', 'null', 'Null', 'NULL'],
};

describe('plain scalars', () => {
  for (const [type, texts] of Object.entries(PLAIN)) {
    it(`read as ${type}`, () =>
      assert.deepEqual(
        texts.filter((value) => plainType(value) !== type),
        [],
      ));
  }

  it('are ambiguous when people and Kubernetes may read them differently', () => {
    const words = ['true', 'False', '80', '0', '0x1F', 'no', 'ON', 'y', '0644', '08', '1_000', '-07'];
    assert.deepEqual(words.filter(isAmbiguousPlain), ['no', 'ON', 'y', '0644', '08', '1_000', '-07']);
  });

  const NUMBERS: readonly (readonly [string, number])[] = [
    ['0644', 420],
    ['0o17', 15],
    ['0x1F', 31],
    ['0b101', 5],
    ['-0b101', -5],
    ['-010', -8],
    ['1_000', 1000],
    ['1_000.5', 1000.5],
    ['08', 8],
    ['00', 0],
    ['-.Inf', -Infinity],
    ['1e3', 1000],
  ];
  for (const [written, value] of NUMBERS) {
    it(`${written} is ${value}`, () => assert.equal(num(parseDocument(`a: ${written}`).root, 'a'), value));
  }
});

describe('scalars of a document', () => {
  function scalar(source: string) {
    return asScalar(at(parseDocument(source).root, 'a'));
  }

  it('quotes make text of anything', () => {
    assert.equal(scalar('a: "80"')?.type, 'string');
    assert.equal(scalar("a: 'yes'")?.type, 'string');
    assert.equal(scalar('a: |\n  80')?.type, 'string');
  });

  it('a tag decides the type, whatever the quotes', () => {
    assert.equal(scalar('a: !!str 80')?.type, 'string');
    assert.equal(scalar('a: !!int "80"')?.type, 'int');
    assert.equal(scalar('a: !!bool yes')?.type, 'bool');
    assert.equal(scalar('a: !own 80')?.type, 'string');
  });

  it('escapes are resolved and folding is done', () => {
    assert.equal(text(parseDocument('a: "x\\ty"').root, 'a'), 'x\ty');
    assert.equal(text(parseDocument('a: >-\n  x\n  y\n').root, 'a'), 'x y');
    assert.equal(bool(parseDocument('a: On').root, 'a'), true);
  });

  it('a value that a template writes is unknown, not null', () => {
    for (const source of [
      'a: {{ .x }}',
      'a: "{{ .x }}"',
      'a:\n  {{- include "x" . | nindent 2 }}\nb: 1',
      'a: # why\n  {{ .x }}',
    ]) {
      const value = scalar(source);
      assert.deepEqual([value?.templated, value?.type], [true, 'string'], source);
    }
    assert.equal(parseDocument('a:\nb: {{ .x }}').root?.kind, 'map');
    assert.equal(scalar('a:\nb: {{ .x }}'), undefined);
  });
});
