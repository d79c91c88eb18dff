import assert from 'node:assert/strict';
import { documentLinks } from '../../server/src/core/features/documentLinks.ts';
import { foldsOf } from '../../server/src/core/features/folding.ts';
import { selectionSpans } from '../../server/src/core/features/selectionRanges.ts';
import { scene } from './workspaceText.ts';

const TEXT = `#- a.yaml
# One.
# Two.
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: a}
spec:
  host: a
  subsets:
    - name: one
      labels:
        version: v$01
    - name: two
---
apiVersion: v1
kind: ConfigMap
metadata:
  name: c
data:
  mesh: |
    a: 1
    b: 2
`;

describe('folding', () => {
  it('has a fold for everything of several lines, from the line that stays', () => {
    const { file } = scene(TEXT);
    const lines = (offset: number) => file.text.slice(0, offset).split('\n').length;
    const folds = foldsOf(file).map(({ span, kind }) => `${kind} ${lines(span.start)}-${lines(span.end)}`);
    assert.deepEqual(
      folds.sort(),
      [
        'comment 1-2',
        'region 10-11',
        'region 13-21',
        'region 16-17',
        'region 18-21',
        'region 19-21',
        'region 6-12',
        'region 8-12',
        'region 9-11',
      ].sort(),
    );
  });
});

describe('expanding a selection', () => {
  it('goes from the scalar to the document, each step inside the next', () => {
    const { file, offset } = scene(TEXT);
    const spans = selectionSpans(file, offset);
    const texts = spans.map(({ start, end }) => file.text.slice(start, end));
    assert.deepEqual(texts.slice(0, 3), ['v1', 'version: v1', 'labels:\n        version: v1']);
    assert.match(texts.at(-1) ?? '', /^# One/);
    for (const [at, span] of spans.entries()) {
      const outer = spans[at + 1];
      if (outer)
        assert.ok(
          outer.start <= span.start && span.end <= outer.end && outer.end - outer.start > span.end - span.start,
        );
    }
  });

  it('works on keys and between things', () => {
    const { file } = scene(TEXT);
    const at = (find: string) =>
      selectionSpans(file, file.text.indexOf(find) + 1).map(({ start, end }) => file.text.slice(start, end));
    assert.equal(at('subsets')[0], 'subsets');
    assert.ok(at('# One').length >= 1);
  });
});

describe('links of a kustomization', () => {
  it('lead to the files and folders that the workspace has', () => {
    const { snapshot, file } = scene(`#- base/kustomization.yaml
resources: [a.yaml]
#- base/a.yaml
apiVersion: v1
#- prod/patch.yaml
apiVersion: v1
#- prod/kustomization.yaml
resources:
  - ../base$0
  - missing.yaml
  - https://example.com/x.yaml
patches:
  - path: ./patch.yaml
  - patch: |
      kind: Service
`);
    const links = documentLinks(snapshot, file).map(
      ({ span, target }) => `${file.text.slice(span.start, span.end)} → ${target}`,
    );
    assert.deepEqual(links, ['../base → base/kustomization.yaml', './patch.yaml → prod/patch.yaml']);
  });

  it('are in no other file', () => {
    const { snapshot, file } = scene('#- a.yaml\nresources: [b.yaml]$0\n#- b.yaml\na: 1\n');
    assert.deepEqual(documentLinks(snapshot, file), []);
  });
});
