import assert from 'node:assert/strict';
import { type DocumentSymbol, documentSymbols, workspaceSymbols } from '../../server/src/core/features/symbols.ts';
import { routeTo, SHOP } from './shop.ts';
import { scene } from './workspaceText.ts';

function outline(symbols: readonly DocumentSymbol[], indent = ''): string[] {
  return symbols.flatMap(({ name, detail, kind, children }) => [
    `${indent}${kind} ${name}${detail === '' ? '' : ` (${detail})`}`,
    ...outline(children, `${indent}  `),
  ]);
}

function outlineOf(marked: string): string[] {
  const { snapshot, file } = scene(marked);
  return outline(documentSymbols(snapshot, file));
}

describe('the outline', () => {
  it('shows resources with their rules', () => {
    assert.deepEqual(outlineOf(routeTo('host: cata$0log')), [
      'resource catalog (VirtualService in shop)',
      '  rule http 1 → catalog',
    ]);
  });

  it('shows subsets, ports, listeners and hosts', () => {
    assert.deepEqual(outlineOf(SHOP.replace('host: catalog', 'host: cat$0alog')), [
      'resource catalog (DestinationRule in shop)',
      '  subset stable',
      '  subset canary',
    ]);
    assert.deepEqual(outlineOf(SHOP.replace('api.cards', 'api$0.cards')), [
      'resource pay (Namespace)',
      'resource ledger (Service in pay)',
      '  port tcp 5432',
      'resource cards (ServiceEntry in pay)',
      '  host api.cards.example',
      '  port tls 443',
      'resource front (Gateway in pay)',
    ]);
    assert.deepEqual(outlineOf(SHOP.replace('gatewayClassName: istio\n', 'gatewayClassName: is$0tio\n')), [
      'resource edge (Gateway in edge)',
      '  listener web',
      'resource waypoint (Gateway in shop)',
      '  listener mesh',
    ]);
  });

  it('selects a name inside of what it is the name of', () => {
    const check = (symbols: readonly DocumentSymbol[]) => {
      for (const { span, selection, children } of symbols) {
        assert.ok(span.start <= selection.start && selection.end <= span.end);
        for (const child of children) assert.ok(span.start <= child.span.start && child.span.end <= span.end);
        check(children);
      }
    };
    for (const text of [SHOP.replace('host: catalog', 'host: cat$0alog'), SHOP.replace('api.cards', 'a$0pi.cards')]) {
      const { snapshot, file } = scene(text);
      check(documentSymbols(snapshot, file));
    }
  });

  it('has a place for resources without a name, and none for other YAML', () => {
    assert.deepEqual(outlineOf('#- a.yaml\napiVersion: networking.istio.io/v1\nkind: Sidecar\nspec: {}\n$0'), [
      'resource Sidecar (Sidecar)',
    ]);
    assert.deepEqual(outlineOf('#- a.yaml\nservices:\n  web: {}\n$0'), []);
  });
});

describe('symbols of the workspace', () => {
  const found = (query: string) => {
    const { snapshot } = scene(routeTo('host: $0'));
    return workspaceSymbols(snapshot, query).map(({ kind, namespace, name }) => `${kind} ${namespace}/${name}`);
  };

  it('are found by letters of kind and name in their order', () => {
    assert.deepEqual(found('dest cat'), ['DestinationRule shop/catalog']);
    assert.deepEqual(found('WAYPOINT'), ['Gateway shop/waypoint']);
    assert.deepEqual(found('zzz'), []);
  });

  it('are all resources without a query', () => {
    assert.equal(found('').length, 11);
  });
});
