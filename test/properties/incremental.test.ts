import assert from 'node:assert/strict';
import fc from 'fast-check';
import { diagnosticsIn, misplaced, plain, sampleFiles, type TextFile, workspaceOf } from './texts.ts';

// Whatever was typed before, the diagnostics are those of the text as it is now.

const FILES = sampleFiles().filter(({ text }) => text.length < 6000);

/** What people type and paste, and what breaks documents apart or joins them. */
const INSERTS = [
  '\n',
  '---\n',
  '\n---\n',
  ' ',
  '  ',
  '- ',
  'a',
  ':',
  ': ',
  '"',
  '{',
  '}',
  '#',
  '{{ ',
  '}}',
  '\t',
  '\r\n',
  '*',
  '&a ',
  '<<: *a\n',
  '😀',
  'kind: ',
  'apiVersion: networking.istio.io/v1\n',
];

interface Change {
  readonly file: number;
  /** Where, as a part of the text's length, so that the script fits any text. */
  readonly at: number;
  readonly remove: number;
  readonly insert: string;
}

const change: fc.Arbitrary<Change> = fc.record({
  file: fc.nat(),
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  remove: fc.oneof(fc.constant(0), fc.nat(3), fc.nat(200)),
  insert: fc.oneof(fc.constantFrom('', ...INSERTS), fc.string({ maxLength: 5 })),
});

function changed(text: string, { at, remove, insert }: Change): string {
  const start = Math.floor(at * text.length);
  return text.slice(0, start) + insert + text.slice(start + remove);
}

function run(files: TextFile[], script: readonly Change[]): void {
  const workspace = workspaceOf(files);
  diagnosticsIn(workspace);
  for (const step of script) {
    const index = step.file % files.length;
    const file = files[index];
    if (!file) continue;
    const next = { path: file.path, text: changed(file.text, step) };
    files[index] = next;
    workspace.setFile(next.path, next.text);
    // Asking in between fills the caches that the next step must not trust too much.
    diagnosticsIn(workspace);
  }
  const found = diagnosticsIn(workspace);
  assert.deepEqual(found.map(plain), diagnosticsIn(workspaceOf(files)).map(plain));
  assert.deepEqual(misplaced(found), []);
}

describe('incremental reading', () => {
  it('equals reading everything anew, after any script of edits', () => {
    const scripts = fc.tuple(
      fc.uniqueArray(fc.nat(FILES.length - 1), { minLength: 1, maxLength: 3 }),
      fc.array(change, { minLength: 1, maxLength: 8 }),
    );
    fc.assert(
      fc.property(scripts, ([picked, script]) =>
        run(
          picked.flatMap((index) => FILES[index] ?? []),
          script,
        ),
      ),
      { numRuns: 60 },
    );
  });

  it('a deleted file is gone with all that was known about it', () => {
    const [first, second] = FILES.slice(0, 2);
    assert.ok(first && second);
    const workspace = workspaceOf([first, second]);
    diagnosticsIn(workspace);
    workspace.deleteFile(first.path);
    assert.deepEqual(diagnosticsIn(workspace).map(plain), diagnosticsIn(workspaceOf([second])).map(plain));
  });
});
