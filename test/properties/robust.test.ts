import assert from 'node:assert/strict';
import fc from 'fast-check';
import { check } from '../../server/src/api.ts';
import { Workspace } from '../../server/src/core/model/workspace.ts';
import { diagnosticsIn, misplaced, plain, sampleFiles, type TextFile, workspaceOf } from './texts.ts';

// Texts that nobody meant to be read: half typed, damaged, or with names that are members of every object.

const FILES = sampleFiles();

/** The end of each line, and one place within it that wanders from line to line. */
function typedPlaces(text: string): number[] {
  const places: number[] = [];
  let start = 0;
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() !== '') places.push(start + ((index * 7) % line.length), start + line.length);
    start += line.length + 1;
  }
  return places;
}

describe('half a text', () => {
  for (const { path, text } of FILES) {
    it(path, () => {
      const workspace = new Workspace();
      for (const end of typedPlaces(text)) {
        workspace.setFile(path, text.slice(0, end));
        assert.deepEqual(misplaced(diagnosticsIn(workspace)), []);
      }
    });
  }
});

describe('damaged texts', () => {
  const damage = fc.record({
    file: fc.nat(FILES.length - 1),
    cuts: fc.array(
      fc.record({
        at: fc.double({ min: 0, max: 1, noNaN: true }),
        length: fc.nat(30),
        text: fc.oneof(
          fc.string({ unit: 'binary', maxLength: 6 }),
          fc.constantFrom(
            '[',
            '{',
            '}',
            ']',
            '\t',
            '\0',
            '\uFEFF',
            '\uD800',
            '{{',
            '"',
            '&x ',
            '*x',
            '? ',
            '|',
            '!!int ',
            '---\n',
            '...\n',
            '%YAML 9\n',
          ),
        ),
      }),
      { minLength: 1, maxLength: 6 },
    ),
  });
  it('are read without an exception, and diagnostics stay inside them', () => {
    fc.assert(
      fc.property(damage, ({ file, cuts }) => {
        let text = FILES[file]?.text ?? '';
        for (const { at, length, text: insert } of cuts) {
          const start = Math.floor(at * text.length);
          text = text.slice(0, start) + insert + text.slice(start + length);
        }
        assert.deepEqual(misplaced(diagnosticsIn(workspaceOf([{ path: 'damaged.yaml', text }]))), []);
      }),
      { numRuns: 250 },
    );
  });
});

describe('order and repetition', () => {
  it('files in any order give the same diagnostics in the same order', async () => {
    const files = sampleFiles('faults');
    const expected = await check({ files });
    const orders = fc.shuffledSubarray(files, { minLength: files.length });
    await fc.assert(
      fc.asyncProperty(orders, async (shuffled) => assert.deepEqual(await check({ files: shuffled }), expected)),
      { numRuns: 5 },
    );
  });

  it('two folders that hold the same do not disturb each other', () => {
    const files = sampleFiles('faults');
    const alone = diagnosticsIn(workspaceOf(files)).map(plain);
    const workspace = workspaceOf(files);
    const again = workspaceOf(files);
    assert.deepEqual([diagnosticsIn(workspace).map(plain), diagnosticsIn(again).map(plain)], [alone, alone]);
  });
});

describe('names that are members of every object', () => {
  const names = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'valueOf', '__defineGetter__', 'prototype'];
  const name = fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom(...names) },
    { weight: 1, arbitrary: fc.stringMatching(/^[a-z]{1,8}$/) },
  );

  function resource(group: string, kind: string, names: readonly string[]): TextFile {
    const [a = 'a', b = 'b', c = 'c', d = 'd'] = names;
    const text = [
      `apiVersion: ${group}`,
      `kind: ${kind}`,
      'metadata:',
      `  name: ${a}`,
      `  namespace: ${b}`,
      `  labels: {${c}: ${d}, istio.io/use-waypoint: ${a}}`,
      `  annotations: {${a}: ${b}, sidecar.istio.io/inject: "${c}"}`,
      'spec:',
      `  ${c}: {${d}: 1}`,
      `  host: ${b}`,
      `  hosts: [${a}]`,
      `  selector: {matchLabels: {${d}: ${a}}}`,
      `  parentRefs: [{name: ${a}, group: ${b}, kind: ${c}}]`,
      `  mtls: {mode: ${d}}`,
    ].join('\n');
    return { path: `${a}/${b}.yaml`, text };
  }

  const kinds = fc.constantFrom(
    ['security.istio.io/v1', 'PeerAuthentication'],
    ['networking.istio.io/v1', 'VirtualService'],
    ['networking.istio.io/v1', 'DestinationRule'],
    ['gateway.networking.k8s.io/v1', 'HTTPRoute'],
    ['policy.linkerd.io/v1beta3', 'Server'],
    ['v1', 'Service'],
    ['v1', 'Namespace'],
    ['security.istio.io/__proto__', 'PeerAuthentication'],
    ['__proto__/v1', 'constructor'],
    ['networking.istio.io/v1', '__proto__'],
  );

  it('are names like any other', () => {
    const before = Object.getOwnPropertyNames(Object.prototype).length;
    fc.assert(
      fc.property(
        fc.array(fc.tuple(kinds, fc.array(name, { minLength: 4, maxLength: 4 })), { minLength: 1, maxLength: 5 }),
        (made) => {
          const files = made.map(([[group = '', kind = ''], four]) => resource(group, kind, four));
          const found = diagnosticsIn(workspaceOf(files));
          assert.deepEqual(misplaced(found), []);
          for (const { diagnostic } of found)
            assert.doesNotMatch(diagnostic.message, /\[native code\]|\[object Object\]|undefined/);
        },
      ),
      { numRuns: 150 },
    );
    assert.equal(Object.getOwnPropertyNames(Object.prototype).length, before);
    assert.equal(Object.hasOwn(Object.prototype, 'mode'), false);
  });

  it('as settings change nothing but what they name', async () => {
    const files = [resource('security.istio.io/v1', 'PeerAuthentication', names)];
    const settings: unknown = JSON.parse('{"checks": {"__proto__": "off", "constructor": "off", "toString": "error"}}');
    assert.deepEqual(await check({ files }, settings), await check({ files }));
  });
});
