import assert from 'node:assert/strict';
import { KINDS, specShape } from '../../server/src/core/schema/catalog.ts';
import type { Shape } from '../../server/src/core/schema/shape.ts';

/** Every field and every value says something that its name does not. */
function emptyDocs(shape: Shape, path: string, seen: Set<Shape>, out: string[]): string[] {
  if (seen.has(shape)) return out;
  seen.add(shape);
  if (shape.type === 'object') {
    for (const field of shape.fields.values()) {
      if (saysNothing(field.doc.doc, field.name)) out.push(`${path}.${field.name}: ${field.doc.doc}`);
      emptyDocs(field.shape, `${path}.${field.name}`, seen, out);
    }
  } else if (shape.type === 'map') emptyDocs(shape.value, `${path}.*`, seen, out);
  else if (shape.type === 'list') emptyDocs(shape.item, `${path}[]`, seen, out);
  else if (shape.type === 'string' && shape.values) {
    for (const [value, doc] of shape.values) if (saysNothing(doc.doc, value)) out.push(`${path}=${value}: ${doc.doc}`);
  }
  return out;
}

const FILLER = new Set([
  'the',
  'a',
  'an',
  'of',
  'to',
  'for',
  'is',
  'this',
  'field',
  'value',
  'optional',
  'required',
  'and',
  'or',
  'in',
  'it',
]);

function saysNothing(doc: string, name: string): boolean {
  const nameWords = new Set(wordsOf(name));
  const own = wordsOf(doc).filter(
    (word) => !FILLER.has(word) && !nameWords.has(word) && !nameWords.has(word.replace(/s$/, '')),
  );
  return doc.length < 20 || new Set(own).size < 3;
}

function wordsOf(text: string): string[] {
  return (
    text
      .replace(/([a-z])([A-Z])/g, '$1 $2')
      .toLowerCase()
      .match(/[a-z0-9]+/g) ?? []
  );
}

describe('documentation of kinds', () => {
  for (const definition of KINDS) {
    it(`${definition.group} ${definition.kind}`, () => {
      assert.ok(definition.doc.length > 60, 'the kind says what it is for');
      assert.match(definition.reference, /^https:\/\/[\w.-]+\/\S*$/);
      for (const version of Object.keys(definition.versions)) {
        assert.deepEqual(emptyDocs(specShape(definition, version), `${definition.kind}`, new Set(), []), []);
      }
    });
  }

  it('lists kinds by group and name, each once', () => {
    const names = KINDS.map((definition) => `${definition.group}/${definition.kind}`);
    assert.deepEqual(names, [...new Set(names)].sort());
  });
});
