import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Workspace } from '../../server/src/core/model/workspace.ts';
import type { World } from '../../server/src/core/model/world.ts';
import { manyFiles } from '../bench/meshText.ts';
import { casesWithFaults, diagnosticsIn, plain, type TextFile, workspaceOf } from './texts.ts';

// Each world is made from the one before. Whatever came, went or changed on the way, it is the world of the files as
// they are, and every file has the diagnostics that it would have if everything were read anew.

const FILES = manyFiles(24, 3);
const KUSTOMIZATION = {
  path: 'team-0/kustomization.yaml',
  text: 'namespace: elsewhere\nresources: [basket-1.yaml]\ncommonLabels: {app: basket}\n',
};

type Step =
  | { readonly does: 'write'; readonly file: number; readonly from: string; readonly to: string }
  | { readonly does: 'join' | 'swap' | 'restore' | 'delete'; readonly file: number; readonly other: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  fc
    .tuple(
      fc.nat(FILES.length),
      fc.constantFrom(
        ...[['name: basket', 'name: login'] as const, ['team-0', 'team-1'] as const, ['8080', '8081'] as const],
        ...[['kind: Service\n', 'kind: Secret\n'] as const, ['app: ', 'app: x'] as const, ['v1', 'v2'] as const],
        ...[['basket-1', 'catalog-1'] as const, ['elsewhere', 'team-0'] as const],
      ),
    )
    .map(([file, [from, to]]): Step => ({ does: 'write', file, from, to })),
  fc.record({
    does: fc.constantFrom('join', 'swap', 'restore', 'delete'),
    file: fc.nat(FILES.length),
    other: fc.nat(FILES.length),
  }),
);

/** The text of the file after a step; undefined when it is gone. */
function textAfter(given: Step, text: string, originals: readonly TextFile[]): string | undefined {
  if (given.does === 'write') return text.replaceAll(given.from, given.to);
  if (given.does === 'delete') return undefined;
  if (given.does === 'swap') return text.split('---\n').reverse().join('---\n');
  const original = originals[given.does === 'restore' ? given.file : given.other]?.text ?? '';
  return given.does === 'restore' ? original : `${text}---\n${original}`;
}

function diagnosed(workspace: Workspace) {
  return diagnosticsIn(workspace).map(plain);
}

describe('worlds made from one another', () => {
  it('say what a world made anew says', function () {
    this.timeout(60_000);
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 12 }), (steps) => {
        const originals = [...FILES, KUSTOMIZATION];
        const current = new Map(originals.map(({ path, text }) => [path, text]));
        const workspace = workspaceOf(originals);
        diagnosticsIn(workspace);
        for (const given of steps) {
          const path = originals[given.file]?.path ?? '';
          const text = textAfter(given, current.get(path) ?? '', originals);
          if (text === undefined) {
            current.delete(path);
            workspace.deleteFile(path);
          } else {
            current.set(path, text);
            workspace.setFile(path, text);
          }
          const files = [...current].map(([of, content]) => ({ path: of, text: content }));
          assert.deepEqual(diagnosed(workspace), diagnosed(workspaceOf(files)));
        }
        const names = ({ all }: World) =>
          all.map(({ path, root, namespace, name }) => [path, root.start, namespace, name]);
        const files = [...current].map(([path, text]) => ({ path, text }));
        assert.deepEqual(names(workspace.snapshot().world), names(workspaceOf(files).snapshot().world));
      }),
      { numRuns: 40 },
    );
  });

  it('forget what is gone, and know it again, for every check', function () {
    this.timeout(120_000);
    for (const { name, files, settings } of casesWithFaults().filter(({ name: of }) => of.includes('firing'))) {
      const workspace = workspaceOf(files);
      const found = (of: Workspace) => diagnosticsIn(of, settings).map(plain);
      const whole = found(workspace);
      for (const { path, text } of files) {
        const documents = text.split(/^---\n/m);
        for (const gone of documents) {
          const rest = documents.filter((document) => document !== gone).join('---\n');
          const without = files.map((file) => (file.path === path ? { path, text: rest } : file));
          workspace.setFile(path, rest);
          assert.deepEqual(found(workspace), found(workspaceOf(without)), `${name} without ${gone}`);
          workspace.setFile(path, text);
          assert.deepEqual(found(workspace), whole, `${name} with ${gone} again`);
        }
      }
    }
  });
});
