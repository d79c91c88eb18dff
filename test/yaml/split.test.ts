import assert from 'node:assert/strict';
import { splitDocuments } from '../../server/src/core/yaml/split.ts';

function parts(text: string): string[] {
  return splitDocuments(text).map(({ start, end }) => text.slice(start, end));
}

describe('splitDocuments', () => {
  const cases: readonly { readonly name: string; readonly parts: readonly string[] }[] = [
    { name: 'an empty file', parts: [''] },
    { name: 'one document without a marker', parts: ['a: 1\n'] },
    { name: 'a marker at the very start', parts: ['---\na: 1\n'] },
    { name: 'two documents', parts: ['a: 1\n', '---\nb: 2\n'] },
    {
      name: 'comments before the first marker belong to its document',
      parts: ['# head\n\n---\na: 1\n', '---\nb: 2\n'],
    },
    { name: 'a directive before the first marker', parts: ['%YAML 1.2\n---\na: 1\n'] },
    { name: 'a byte order mark before the first marker', parts: ['\uFEFF---\na: 1\n', '---\nb: 2\n'] },
    { name: 'CRLF', parts: ['a: 1\r\n', '---\r\nb: 2\r\n', '---\r\nc: 3'] },
    { name: 'a marker with a comment or text after it', parts: ['a: 1\n', '--- # second\nb: 2\n', '--- text\n'] },
    { name: 'empty documents in between', parts: ['a: 1\n', '---\n', '---\n', '---'] },
    { name: 'dashes that are no marker', parts: ['a: 1\n----\n---b\n ---\n- ---\n'] },
    {
      name: 'a template action before the first marker is a document of its own',
      parts: ['{{- if .Values.on }}\n', '---\na: 1\n'],
    },
  ];
  for (const { name, parts: expected } of cases) {
    it(name, () => assert.deepEqual(parts(expected.join('')), expected));
  }
});
