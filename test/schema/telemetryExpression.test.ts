import assert from 'node:assert/strict';
import fc from 'fast-check';
import { celProblem } from '../../server/src/core/schema/istio/telemetryExpression.ts';

const RIGHT = [
  'response.code',
  'response.code >= 400 && response.code < 600',
  "!('x-team' in request.headers) || request.headers['x-team'] in ['a', \"b\",]",
  'has(request.auth) && has((xds.node).id) && a.has(b) && has(a, b)',
  '[[1], [2]].map(x, x[0]).filter(y, y > 1).all(z, z in a) || b.exists(c) || all(1, 2)',
  'connection.mtls ? 1 : 2u',
  "r'\\d+' == b'x'",
  '-(1 + 2.5e3) % 0xFF != .5',
  "{'a': 1, 'b': [2]}.a == 1",
  'request.headers.exists(name, name.startsWith("x-"))',
  '"""several\nlines""" == \'\'',
  'true // the rest is a comment',
  '.root.name == google.rpc.Status{code: 1}',
];

const WRONG = {
  '': 'it is empty',
  '  ': 'it is empty',
  'a = b': '`==`',
  'a & b': '`&&`',
  'a | b': '`||`',
  'a and b': '`&&`',
  'a OR b': '`||`',
  'a == ': 'ends where a value is expected',
  '(a': '`(` is not closed',
  'a)': '`)` does not belong here',
  'f(1, 2': '`(` is not closed',
  '[1, 2': '`[` is not closed',
  "{'a' 1}": '`:` is missing',
  'a ? b': '`:` is missing',
  'a.': 'a name is missing',
  "'open": 'not closed',
  'a b': '`b` does not belong here',
  'if a': 'reserved word',
  "has(request.headers['x-team'])": "`'x-team' in request.headers`",
  'has(connection)': 'after a dot',
  'has(!a.b)': 'after a dot',
  'a.exists(b.c, true)': 'the first argument of `exists`',
  '[1].map(1, 2)': 'the first argument of `map`',
  'a @ b': '`@` is not part of the language',
};

describe('filters of access logs', () => {
  for (const expression of RIGHT) it(`takes ${expression}`, () => assert.equal(celProblem(expression), undefined));

  for (const [expression, problem] of Object.entries(WRONG)) {
    it(`refuses ${JSON.stringify(expression)}`, () =>
      assert.ok(celProblem(expression)?.includes(problem), celProblem(expression)));
  }

  it('refuses what is nested too deeply, and reads any text without failing', () => {
    assert.match(celProblem('('.repeat(5000)) ?? '', /nested too deeply/);
    const part = fc.constantFrom(
      'a',
      '1',
      "'x'",
      '(',
      ')',
      '[',
      ']',
      '{',
      '}',
      ',',
      '?',
      ':',
      '.',
      '!',
      '-',
      '&&',
      '==',
      'in',
      '"',
      ' ',
    );
    fc.assert(fc.property(fc.array(part), (parts) => void celProblem(parts.join(''))));
    fc.assert(fc.property(fc.string(), (text) => void celProblem(text)));
  });
});
