import assert from 'node:assert/strict';
import { isFilledByAction, maskTemplate, overlapsAction } from '../../server/src/core/yaml/template.ts';

describe('maskTemplate', () => {
  const cases: readonly { readonly name: string; readonly text: string; readonly masked: string }[] = [
    { name: 'plain YAML is left as it is', text: 'a: {b: {c: 1}}\n', masked: 'a: {b: {c: 1}}\n' },
    { name: 'an action in a value becomes a word', text: 'a: {{ .x }}\n', masked: 'a: xxxxxxxx\n' },
    { name: 'an action in quotes', text: 'a: "v-{{ .x }}"\n', masked: 'a: "v-xxxxxxxx"\n' },
    { name: 'an action as a key', text: '{{ .k }}: 1\n', masked: 'xxxxxxxx: 1\n' },
    {
      name: 'an action alone on its line becomes blanks',
      text: '  {{- if .x }}\na: 1\n  {{- end }}',
      masked: '              \na: 1\n            ',
    },
    {
      name: 'several actions alone on a line',
      text: '{{ if .x }} {{ .y }}\t{{ end }}\r\na: 1',
      masked: '                    \t         \r\na: 1',
    },
    { name: 'two actions in one value', text: 'a: {{.x}}{{.y}}', masked: 'a: xxxxxxxxxxxx' },
    {
      name: 'an action over several lines in a value is one word',
      text: 'a: {{ dict\n  "k" .x }}\nb: 1',
      masked: 'a: xxxxxxxxxxxxxxxxxxx\nb: 1',
    },
    {
      name: 'a comment action over several lines keeps the lines',
      text: '{{/* a\n {{ b\n*/}}\na: 1',
      masked: '      \n     \n    \na: 1',
    },
    { name: 'comments of YAML are left alone', text: '# {{ .x }}\na: {{ .y }}\n', masked: '# {{ .x }}\na: xxxxxxxx\n' },
    {
      name: 'an action that is still being typed ends with its line',
      text: 'a: {{ .x\nb: {{ .y }}\n',
      masked: 'a: xxxxx\nb: xxxxxxxx\n',
    },
    { name: 'an action that is still being typed at the end', text: 'a: 1\nb: {{', masked: 'a: 1\nb: xx' },
    {
      name: 'an unfinished action does not hide the lines below it',
      text: 'a: {{ .x\nb: 1\n',
      masked: 'a: xxxxx\nb: 1\n',
    },
  ];
  for (const { name, text, masked } of cases) {
    it(name, () => {
      assert.equal(maskTemplate(text).text, masked);
      assert.equal(masked.length, text.length);
    });
  }

  it('tells where the actions are', () => {
    assert.deepEqual(maskTemplate('a: {{ .x }}\n# {{ .no }}\n{{ end }}').actions, [
      { start: 3, end: 11 },
      { start: 24, end: 33 },
    ]);
  });

  it('takes a line of very many actions', () => {
    const text = `a: ${'{{.x}}'.repeat(200_000)}`;
    assert.equal(maskTemplate(text).actions.length, 200_000);
    assert.equal(maskTemplate(`${'{{.x}} '.repeat(200_000)}\n`).text.trim(), '');
  });
});

describe('overlapsAction', () => {
  const actions = [
    { start: 2, end: 4 },
    { start: 10, end: 20 },
  ];
  it('is true exactly for spans that share a character with an action', () => {
    const spans = [
      [0, 2],
      [0, 3],
      [3, 3],
      [4, 10],
      [4, 11],
      [19, 30],
      [20, 30],
    ] as const;
    assert.deepEqual(
      spans.map(([start, end]) => overlapsAction(actions, start, end)),
      [false, true, true, false, true, true, false],
    );
  });
});

describe('isFilledByAction', () => {
  it('looks past blanks and comments', () => {
    assert.equal(isFilledByAction('a: \n  # why\n\n  {{ .x }}', 2), true);
    assert.equal(isFilledByAction('a: \n  b: {{ .x }}', 2), false);
    assert.equal(isFilledByAction('a: # {{ .x }}', 2), false);
  });
});
