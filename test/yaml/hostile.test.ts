import assert from 'node:assert/strict';
import { diagnose } from '../../server/src/core/features/diagnostics.ts';
import { readFile } from '../../server/src/core/model/file.ts';
import { Workspace } from '../../server/src/core/model/workspace.ts';
import { DEFAULT_SETTINGS } from '../../server/src/core/settings.ts';
import { at, items } from '../../server/src/core/yaml/access.ts';
import { parseDocument } from '../../server/src/core/yaml/parse.ts';

// Input that ends parsers: too deep, too many, too large, not text. All of it must come to an end and leave a result.

const HEAD =
  'apiVersion: security.istio.io/v1\nkind: AuthorizationPolicy\nmetadata: {name: hostile, namespace: caves}\n';

function diagnosticsOf(text: string) {
  const workspace = new Workspace();
  const file = workspace.setFile('hostile.yaml', text);
  return diagnose(workspace.snapshot(), file, DEFAULT_SETTINGS).flatMap((part) => part.diagnostics);
}

function codesOf(text: string): string[] {
  return diagnosticsOf(text).map((diagnostic) => diagnostic.code);
}

describe('hostile input', () => {
  it('nesting, alternately balanced and open, again and again', () => {
    for (let round = 0; round < 3; round++) {
      for (const depth of [1000, 5000]) {
        for (const text of [
          '['.repeat(depth) + ']'.repeat(depth),
          '['.repeat(depth),
          '{a: '.repeat(depth),
          '- '.repeat(depth),
          '? '.repeat(depth),
        ]) {
          assert.deepEqual(
            parseDocument(text).problems.map((problem) => problem.code),
            ['too-deep'],
          );
        }
      }
    }
    assert.deepEqual(codesOf(`${HEAD}spec: ${'['.repeat(5000)}`), ['unreadable-file']);
  });

  it('nesting by indentation', () => {
    const lines = Array.from({ length: 2000 }, (_, depth) => `${' '.repeat(depth)}k:`);
    assert.deepEqual(
      parseDocument(lines.join('\n')).problems.map((problem) => problem.code),
      ['too-deep'],
    );
  });

  it('nesting that is just allowed is read', () => {
    const { root, problems } = parseDocument('['.repeat(200) + ']'.repeat(200));
    assert.deepEqual([root?.kind, problems], ['seq', []]);
  });

  it('an alias bomb', () => {
    const lines = ['spec:', '  bomb0: &b0 [x, x, x, x, x, x, x, x, x, x]'];
    for (let level = 1; level <= 12; level++)
      lines.push(
        `  bomb${level}: &b${level} [${Array(10)
          .fill(`*b${level - 1}`)
          .join(', ')}]`,
      );
    lines.push('  rules: *b12');
    assert.deepEqual(codesOf(HEAD + lines.join('\n')), ['unreadable-file']);
  });

  it('a bomb of the shape that the kind takes', () => {
    const text = `${HEAD}spec:
  rules:
    - &rule
      from: [${'&from {source: {principals: [&p "a/b/c", *p, *p, *p]}}'}${', *from'.repeat(1000)}]
      to: [${'&to {operation: {methods: [&m GET, *m, *m]}}'}${', *to'.repeat(1000)}]
${'    - *rule\n'.repeat(2000)}`;
    assert.deepEqual(codesOf(text), ['unreadable-file']);
  });

  it('a merge bomb', () => {
    const lines = ['spec:', `  m0: &m0 {${Array.from({ length: 500 }, (_, index) => `k${index}: 1`).join(', ')}}`];
    for (let level = 1; level <= 500; level++)
      lines.push(`  m${level}: &m${level}`, `    <<: [*m${level - 1}, *m0]`, `    own${level}: 1`);
    assert.deepEqual(codesOf(HEAD + lines.join('\n')), ['unreadable-file']);
  });

  it('aliases of aliases that stay below the limit are all read', () => {
    const text = `${HEAD}spec:\n  rules:\n    - &rule\n      from: [&from {source: {principals: ["a/b/c"]}}${', *from'.repeat(100)}]\n${'    - *rule\n'.repeat(100)}`;
    const { root, problems } = parseDocument(text);
    assert.deepEqual(
      [problems, items(root, 'spec', 'rules').flatMap((rule) => items(rule, 'from')).length],
      [[], 101 * 101],
    );
    assert.ok(Array.isArray(codesOf(text)));
  });

  it('5,000 aliases of good faith are all resolved', () => {
    const text = `${HEAD}spec:\n  rules:\n    - from:\n        - source:\n            principals:\n              - &who cluster.local/ns/caves/sa/bat\n${'              - *who\n'.repeat(5000)}`;
    const { root, problems } = parseDocument(text);
    const principals = items(root, 'spec', 'rules', 0, 'from', 0, 'source', 'principals');
    assert.deepEqual(
      [problems, principals.length, principals.every((item) => item.kind === 'scalar' || item.kind === 'alias')],
      [[], 5001, true],
    );
    assert.deepEqual(
      codesOf(text).filter((code) => code === 'yaml-syntax' || code === 'unreadable-file'),
      [],
    );
  });

  it('a cyclic alias where the kind takes maps and lists', () => {
    assert.ok(Array.isArray(codesOf(`${HEAD}spec: &s\n  rules: [*s]\n  selector: *s\n`)));
    assert.equal(at(parseDocument('a: &a {b: *a}').root, 'a', 'b', 'b', 'b')?.kind, 'alias');
  });

  it('20,000 keys, with the duplicate among them found', () => {
    const keys = Array.from({ length: 20_000 }, (_, index) => `      key${index}: "1"`);
    const text = `${HEAD}spec:\n  selector:\n    matchLabels:\n${keys.join('\n')}\n      key7: "2"\n`;
    assert.ok(codesOf(text).includes('duplicate-key'));
  });

  it('20,000 times the same key', () => {
    const text = `${HEAD}spec:\n  selector:\n    matchLabels:\n${'      app: bat\n'.repeat(20_000)}`;
    assert.equal(codesOf(text).filter((code) => code === 'duplicate-key').length, 1 + 199);
  });

  it('20,000 unknown fields', () => {
    const keys = Array.from({ length: 20_000 }, (_, index) => `  field${index}: 1`);
    assert.ok(codesOf(`${HEAD}spec:\n${keys.join('\n')}\n`).length >= 200);
  });

  it('a scalar of 20 MB', () => {
    const file = readFile('large.yaml', `${HEAD}spec:\n  text: ${'x'.repeat(20_000_000)}\n`);
    assert.equal(file.refused, 'too-large');
  });

  it('a document of 3 MB', () => {
    const diagnostics = diagnosticsOf(`${HEAD}spec:\n  text: ${'x'.repeat(3_000_000)}\n`);
    assert.deepEqual(
      diagnostics.map((diagnostic) => diagnostic.code),
      ['unreadable-file'],
    );
  });

  it('100,000 documents', () => {
    assert.equal(readFile('many.yaml', '---\n'.repeat(100_000)).refused, 'too-many-documents');
    assert.equal(readFile('many.yaml', `---\n${HEAD}`.repeat(3000)).documents.length, 3000);
  });

  it('a large file that is none of ours is nobody’s business', () => {
    assert.deepEqual(codesOf('x'.repeat(9_000_000)), []);
    assert.deepEqual(codesOf(`${HEAD}${'# x\n'.repeat(2_500_000)}`), ['unreadable-file']);
  });

  it('NUL, control characters and lone surrogates', () => {
    assert.deepEqual(codesOf(`${HEAD}spec: {}\0`), ['unreadable-file']);
    for (const odd of ['\uD83D', '\uDE00', '\uDE00\uD83D', '\u0007', '\u0085', '\u2028', '\uFFFE', '\u200B']) {
      assert.ok(Array.isArray(codesOf(`${HEAD}spec:\n  ${odd}x: "${odd}"\n  y: ${odd}\n`)), JSON.stringify(odd));
    }
  });

  it('the marks of a conflict', () => {
    const text = `${HEAD}<<<<<<< HEAD\nspec:\n  action: ALLOW\n=======\nspec:\n  action: DENY\n>>>>>>> theirs\n`;
    assert.deepEqual([...new Set(codesOf(text))], ['yaml-syntax']);
  });

  it('template actions without end', () => {
    assert.ok(Array.isArray(codesOf(`${HEAD}spec:\n  x: ${'{{'.repeat(100_000)}`)));
    assert.ok(Array.isArray(codesOf(`${HEAD}spec:\n${'  {{ x\n'.repeat(20_000)}`)));
  });
});
