import assert from 'node:assert/strict';
import { highlightsAt } from '../../server/src/core/features/highlights.ts';
import { DEFAULT_SETTINGS } from '../../server/src/core/settings.ts';
import { routeTo, SHOP } from './shop.ts';
import { references, scene, shown } from './workspaceText.ts';

/** The cursor on the name of the Service. */
const onService = (text: string) => text.replace('name: catalog\n  namespace', 'name: cat$0alog\n  namespace');

describe('find references', () => {
  it('finds every form of a Service across files, from its declaration', () => {
    const scene = onService(routeTo('host: catalog.shop.svc.cluster.local\nsubset: stable'));
    assert.deepEqual(references(scene), [
      'shop/rule.yaml: host: [catalog]',
      'shop/route.yaml: hosts: [[catalog]]',
      'shop/route.yaml: host: [catalog].shop.svc.cluster.local',
    ]);
    assert.equal(references(scene, true)[0], 'shop/catalog.yaml: name: [catalog]');
  });

  it('finds the same from any of them', () => {
    const fromDeclaration = references(onService(routeTo('host: catalog')), true);
    assert.deepEqual(references(routeTo('host: cata$0log'), true), fromDeclaration);
  });

  it('keeps namespaces apart', () => {
    assert.deepEqual(references(onService(routeTo('host: catalog', 'pay'))), ['shop/rule.yaml: host: [catalog]']);
  });

  it('keeps a Service apart from the ServiceAccount of its name', () => {
    const account = `${SHOP.replace('kind: ServiceAccount\nmetadata:\n  name: catalog', 'kind: ServiceAccount\nmetadata:\n  name: cat$0alog')}`;
    assert.deepEqual(references(account), ['shop/catalog.yaml: serviceAccountName: [catalog]']);
  });

  it('finds the selectors of a label', () => {
    const label = SHOP.replace('labels:\n        app: catalog', 'labels:\n        app: cat$0alog');
    assert.deepEqual(references(label), ['shop/catalog.yaml: app: [catalog]', 'shop/catalog.yaml: app: [catalog]']);
  });

  it('finds the subsets of the rule, not their namesakes', () => {
    const other = `#- other.yaml\napiVersion: networking.istio.io/v1\nkind: DestinationRule\nmetadata: {name: ledger, namespace: pay}\nspec:\n  host: ledger\n  subsets: [{name: stable}]\n`;
    assert.deepEqual(references(routeTo('host: catalog\nsubset: sta$0ble') + other, true), [
      'shop/rule.yaml: - name: [stable]',
      'shop/route.yaml: subset: [stable]',
    ]);
  });
});

describe('highlights', () => {
  it('are the places of the same file', () => {
    const at = scene(routeTo('host: cata$0log'));
    const found = highlightsAt(at.snapshot, at.file, at.offset, DEFAULT_SETTINGS);
    const places = found.map(({ span }) => ({ path: at.file.path, span }));
    assert.deepEqual(shown(at, places), ['shop/route.yaml: hosts: [[catalog]]', 'shop/route.yaml: host: [catalog]']);
    assert.deepEqual(
      found.map(({ kind }) => kind),
      ['read', 'read'],
    );
  });

  it('tell the declaration from its uses', () => {
    const at = scene(SHOP.replace('labels:\n        app: catalog', 'labels:\n        app: cat$0alog'));
    const found = highlightsAt(at.snapshot, at.file, at.offset, DEFAULT_SETTINGS);
    assert.deepEqual(
      found.map(({ kind }) => kind),
      ['write', 'read', 'read'],
    );
  });
});
