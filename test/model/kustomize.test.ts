import assert from 'node:assert/strict';
import { diagnose } from '../../server/src/core/features/diagnostics.ts';
import { Workspace } from '../../server/src/core/model/workspace.ts';
import { DEFAULT_SETTINGS } from '../../server/src/core/settings.ts';

const BAKERY = `apiVersion: v1
kind: Service
metadata: {name: oven, namespace: bakery}
spec:
  selector: {app: oven}
  ports: [{name: http, port: 80}]
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: oven, namespace: bakery}
spec:
  selector: {matchLabels: {app: oven}}
  template:
    metadata: {labels: {app: oven}}
    spec: {containers: [{name: oven, image: oven}]}
`;
const POLICY = `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: oven, namespace: bakery}
spec:
  selector: {matchLabels: {part-of: shop}}
  rules: [{}]
`;

/** Whether it is told that the policy selects nothing, when these files are there as well. */
function selectsNothing(files: Readonly<Record<string, string>>): boolean {
  const workspace = new Workspace();
  for (const [path, text] of Object.entries({ 'base/oven.yaml': BAKERY, 'policy.yaml': POLICY, ...files })) {
    workspace.setFile(path, text);
  }
  const snapshot = workspace.snapshot();
  const file = snapshot.file('policy.yaml');
  assert.ok(file);
  const found = diagnose(snapshot, file, { ...DEFAULT_SETTINGS, closedWorld: true });
  return found.some(({ diagnostics }) => diagnostics.some(({ code }) => code === 'selector-matches-nothing'));
}

describe('labels of a kustomization', () => {
  it('are on the pods of the files that it lists', () => {
    assert.ok(selectsNothing({}));
    const kustomization = (text: string) => ({ 'base/kustomization.yaml': `resources: [oven.yaml]\n${text}` });
    assert.ok(!selectsNothing(kustomization('commonLabels: {part-of: shop}\n')));
    assert.ok(!selectsNothing(kustomization('labels: [{pairs: {part-of: shop}, includeSelectors: true}]\n')));
    assert.ok(!selectsNothing(kustomization('labels: [{pairs: {part-of: shop}, includeTemplates: true}]\n')));
    assert.ok(selectsNothing(kustomization('commonLabels: {part-of: depot}\n')));
    assert.ok(selectsNothing(kustomization('labels: [{pairs: {part-of: shop}}]\n')), 'on the resources alone');
  });

  it('may be on the pods of a folder that another kustomization uses', () => {
    const overlay = (text: string) => ({ 'overlays/live/kustomization.yaml': text });
    assert.ok(!selectsNothing(overlay('resources: [../../base]\nlabels: [{pairs: {stage: live}}]\n')));
    assert.ok(selectsNothing(overlay('resources: [../../base]\n')), 'one without labels says nothing');
    assert.ok(selectsNothing(overlay('resources: [../../basement]\nlabels: [{pairs: {stage: live}}]\n')));
    assert.ok(!selectsNothing({ 'parts/kustomization.yaml': 'kind: Component\ncommonLabels: {stage: live}\n' }));
  });
});
