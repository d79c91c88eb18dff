import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { complete } from '../../server/src/core/features/completion/complete.ts';
import { definitionAt } from '../../server/src/core/features/definition.ts';
import { enforcementHover } from '../../server/src/core/features/enforcement/hover.ts';
import { foldsOf } from '../../server/src/core/features/folding.ts';
import { highlightsAt } from '../../server/src/core/features/highlights.ts';
import { hopPathAt } from '../../server/src/core/features/hopPathAt.ts';
import { hoverAt } from '../../server/src/core/features/hover.ts';
import { prepareRename, rename } from '../../server/src/core/features/rename.ts';
import { selectionSpans } from '../../server/src/core/features/selectionRanges.ts';
import { documentSymbols } from '../../server/src/core/features/symbols.ts';
import type { SourceFile } from '../../server/src/core/model/file.ts';
import { type Snapshot, Workspace } from '../../server/src/core/model/workspace.ts';
import { DEFAULT_SETTINGS } from '../../server/src/core/settings.ts';

/** The samples, the faulty ones included: whatever stands there, a question about it has an answer. */
function samples(): Snapshot {
  const workspace = new Workspace();
  for (const path of readdirSync('samples', { recursive: true, encoding: 'utf8' })) {
    if (/\.ya?ml$/.test(path)) workspace.setFile(path, readFileSync(join('samples', path), 'utf8'));
  }
  return workspace.snapshot();
}

/** Far enough apart to be quick, and never in step with lines or columns. */
const STEP = 37;

function* places(snapshot: Snapshot): Generator<{ file: SourceFile; offset: number }> {
  for (const file of snapshot.files)
    for (let offset = 0; offset < file.text.length; offset += STEP) yield { file, offset };
}

describe('at any place of any sample', () => {
  const snapshot = samples();

  it('every feature answers', () => {
    let definitions = 0;
    for (const { file, offset } of places(snapshot)) {
      if (definitionAt(snapshot, file, offset, DEFAULT_SETTINGS)) definitions++;
      hoverAt(snapshot, file, offset, DEFAULT_SETTINGS);
      enforcementHover(snapshot, file, offset, DEFAULT_SETTINGS);
      hopPathAt(snapshot, file, offset, DEFAULT_SETTINGS);
      highlightsAt(snapshot, file, offset, DEFAULT_SETTINGS);
      complete(snapshot, file, offset, DEFAULT_SETTINGS);
      assert.ok(selectionSpans(file, offset).length > 0);
    }
    assert.ok(definitions > 300, `${definitions} definitions`);
    for (const file of snapshot.files) {
      foldsOf(file);
      documentSymbols(snapshot, file);
    }
  });

  it('a rename touches nothing but the name, and each place once', () => {
    let renames = 0;
    for (const { file, offset } of places(snapshot)) {
      const prepared = prepareRename(snapshot, file, offset, DEFAULT_SETTINGS);
      if (!prepared || 'refused' in prepared) continue;
      const result = rename(snapshot, file, offset, 'another-name', DEFAULT_SETTINGS);
      assert.ok(result && !('refused' in result));
      renames++;
      for (const [path, edits] of result) {
        const text = snapshot.file(path)?.text ?? '';
        const sorted = [...edits].sort((a, b) => a.span.start - b.span.start);
        for (const [at, edit] of sorted.entries()) {
          const before = text.slice(edit.span.start, edit.span.end);
          assert.equal(edit.text.replace('another-name', prepared.name), before);
          assert.ok(edit.span.start >= (sorted[at - 1]?.span.end ?? 0));
        }
      }
    }
    assert.ok(renames > 100, `${renames} renames`);
  });
});
