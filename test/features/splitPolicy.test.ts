import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { applyEdits } from '../../server/src/core/yaml/edits.ts';
import { parseFixture } from '../fixture.ts';
import { diagnosticsIn, workspaceOf } from '../properties/texts.ts';
import { ROOT } from '../sources.ts';

// That the fix brings nothing new is a property of all fixes; here is what it writes.

const FIXTURE = join(ROOT, 'test/fixtures/checks/l7-allow-rule-dropped/firing-behind-waypoint.yaml');

describe('the fix that splits a policy', () => {
  const { files } = parseFixture('policies.yaml', readFileSync(FIXTURE, 'utf8'));
  const source = files[0]?.text ?? '';

  function split(text: string): string | undefined {
    const found = diagnosticsIn(workspaceOf([{ path: 'policies.yaml', text }]));
    const placed = found.find(({ diagnostic }) => diagnostic.code === 'l7-allow-rule-dropped');
    assert.ok(placed);
    const [fix] = placed.diagnostic.fixes;
    const moved = fix?.edits.map((edit) => ({
      span: { start: placed.start + edit.span.start, end: placed.start + edit.span.end },
      text: edit.text,
    }));
    return moved && applyEdits(text, moved);
  }

  it('attaches the policy to the Service, and leaves the rules without HTTP at the pods, beside the waypoint', () => {
    const lines = split(source)?.split('\n') ?? [];
    const start = lines.lastIndexOf('  name: mixed');
    const after = lines.slice(start, lines.lastIndexOf('kind: PeerAuthentication') - 1);
    assert.deepEqual(after, [
      '  name: mixed',
      '  namespace: river',
      'spec:',
      '  targetRefs:',
      '    - kind: Service',
      '      name: otter',
      '  rules:',
      '    # The neighbors may do as they like.',
      '    - from:',
      '        - source:',
      '            namespaces:',
      '              - pond',
      '              # Since the flood.',
      '              - lake',
      '    - to:',
      '        - operation:',
      '            paths: ["/public/*"]',
      '---',
      'apiVersion: security.istio.io/v1',
      'kind: AuthorizationPolicy',
      'metadata:',
      '  name: mixed-pods',
      '  namespace: river',
      'spec:',
      '  selector:',
      '    matchLabels:',
      '      app: otter',
      '  action: ALLOW',
      '  rules:',
      '    - from:',
      '        - source:',
      '            principals: ["cluster.local/ns/river/sa/ford"]',
      '    - from:',
      '        - source:',
      '            namespaces:',
      '              - pond',
      '              # Since the flood.',
      '              - lake',
      '---',
    ]);
  });

  it('is not offered where the second policy could not be written without a guess', () => {
    for (const [was, is] of [
      // The name is taken.
      ['apiVersion: security.istio.io/v1\nkind: PeerAuthentication\nmetadata:\n  name: default', POLICY],
      // An alias means nothing in another document.
      [
        '            namespaces:\n              - pond',
        '            namespaces:\n              - &a pond\n              - *a',
      ],
      ['              - pond', '              - "{{ .Values.neighbor }}"'],
    ] as const) {
      const text = source.replace(was, is);
      assert.notEqual(text, source);
      assert.equal(split(text), undefined, is);
    }
  });
});

const POLICY = `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: mixed-pods
  namespace: river
spec:
  rules:
    - {}
---
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata:
  name: default`;
