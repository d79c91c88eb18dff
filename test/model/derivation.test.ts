import assert from 'node:assert/strict';
import { derive } from '../../server/src/core/model/derivation.ts';
import type { Located } from '../../server/src/core/model/located.ts';
import { areSame } from '../../server/src/core/model/same.ts';
import { Workspace } from '../../server/src/core/model/workspace.ts';
import type { World } from '../../server/src/core/model/world.ts';

function service(name: string, namespace = 'shop', port = 80): string {
  return `apiVersion: v1\nkind: Service\nmetadata: {name: ${name}, namespace: ${namespace}}\nspec: {ports: [{port: ${port}}]}\n`;
}

/** A derivation that counts how often it is made. */
function counted<Value, Key>(make: (world: World, key: Key) => Value, isSame?: (a: Value, b: Value) => boolean) {
  const made: Key[] = [];
  const read = derive((world, key: Key) => {
    made.push(key);
    return make(world, key);
  }, isSame);
  return { made, read };
}

function workspaceOf(files: Readonly<Record<string, string>>): Workspace {
  const workspace = new Workspace();
  for (const [path, text] of Object.entries(files)) workspace.setFile(path, text);
  return workspace;
}

const FILES = { 'cart.yaml': service('cart'), 'pay.yaml': service('pay', 'bank') };

describe('what is derived from a world', () => {
  it('is kept while nothing changes that was read for it, and made anew when something does', () => {
    const workspace = workspaceOf(FILES);
    const { made, read } = counted((world, namespace: string) => world.services(namespace).length);
    const ask = () => read(workspace.snapshot().world, 'shop', undefined);
    assert.equal(ask(), 1);
    workspace.setFile('pay.yaml', service('pay', 'bank', 81));
    assert.equal(ask(), 1);
    assert.equal(made.length, 1);
    workspace.setFile('stock.yaml', service('stock'));
    assert.equal(ask(), 2);
    assert.equal(made.length, 2);
  });

  it('is made anew when something was added where there was nothing', () => {
    const workspace = workspaceOf(FILES);
    const { read } = counted((world, name: string) => world.service('shop', name) !== undefined);
    assert.equal(read(workspace.snapshot().world, 'stock', undefined), false);
    workspace.setFile('stock.yaml', service('stock'));
    assert.equal(read(workspace.snapshot().world, 'stock', undefined), true);
  });

  it('takes what is made of it with it, unless it is a summary that stays the same', () => {
    const workspace = workspaceOf(FILES);
    const total = counted((world, _: string) => world.services().length, Object.is);
    const first = counted((world, _: string) => world.services()[0]?.ports[0]?.port);
    const ofTotal = counted((world, key: string) => total.read(world, key, undefined) * 10);
    const ofFirst = counted((world, key: string) => first.read(world, key, undefined));
    const ask = () => {
      const { world } = workspace.snapshot();
      return [ofTotal.read(world, '', undefined), ofFirst.read(world, '', undefined)];
    };
    assert.deepEqual(ask(), [20, 80]);
    workspace.setFile('cart.yaml', service('cart', 'shop', 8080));
    assert.deepEqual(ask(), [20, 8080]);
    assert.deepEqual([total.made.length, ofTotal.made.length], [2, 1]);
    assert.deepEqual([first.made.length, ofFirst.made.length], [2, 2]);
    workspace.deleteFile('pay.yaml');
    assert.deepEqual(ask(), [10, 8080]);
    assert.equal(ofTotal.made.length, 2);
  });

  it('is right where it is first made while the summaries below it are made anew', () => {
    const workspace = workspaceOf(FILES);
    const count = derive((world) => world.services('shop').length, Object.is);
    const tenfold = derive((world) => count(world, undefined, undefined) * 10);
    const each = derive(
      (world, name: string) =>
        `${name}: ${tenfold(world, undefined, undefined)}, ${count(world, undefined, undefined)}`,
    );
    const all = derive((world) => world.services().map(({ name }) => each(world, name, undefined)), areSame);
    const shown = derive((world) => all(world, undefined, undefined).join('; '));
    const ask = () => shown(workspace.snapshot().world, undefined, undefined);
    assert.equal(ask(), 'cart: 10, 1; pay: 10, 1');
    workspace.setFile('stock.yaml', service('stock'));
    assert.equal(ask(), 'cart: 20, 2; pay: 20, 2; stock: 20, 2');
    workspace.setFile('tea.yaml', service('tea'));
    assert.equal(ask(), 'cart: 30, 3; pay: 30, 3; stock: 30, 3; tea: 30, 3');
  });

  it('is kept for several settings, which do not push one another out', () => {
    const { world } = workspaceOf(FILES).snapshot();
    const asked: string[] = [];
    const read = derive((_world, key: string, settings: string) => {
      asked.push(settings);
      return `${key} ${settings}`;
    });
    for (const settings of ['a', 'b', 'a', 'b']) assert.equal(read(world, 'key', settings), `key ${settings}`);
    assert.deepEqual(asked, ['a', 'b']);
  });

  it('is right for a world that has been followed by another', () => {
    const workspace = workspaceOf(FILES);
    const { read } = counted((world, _: string) => world.services().map(({ name }) => name));
    const before = workspace.snapshot().world;
    assert.deepEqual(read(before, '', undefined), ['cart', 'pay']);
    workspace.setFile('cart.yaml', service('basket'));
    assert.deepEqual(read(workspace.snapshot().world, '', undefined), ['basket', 'pay']);
    assert.deepEqual(read(before, '', undefined), ['cart', 'pay']);
  });

  it('names the files about which there may be something new to say', () => {
    const workspace = workspaceOf(FILES);
    const neighbors = derive((world, located: Located) => world.services(located.namespace).length);
    const world = () => workspace.snapshot().world;
    const all = () => {
      for (const located of world().all) neighbors(world(), located, undefined);
    };
    let { mark, paths } = workspace.changesSince(0);
    assert.deepEqual([...paths].sort(), ['cart.yaml', 'pay.yaml']);
    all();
    workspace.setFile('stock.yaml', service('stock'));
    ({ mark, paths } = workspace.changesSince(mark));
    assert.deepEqual([...paths].sort(), ['cart.yaml', 'stock.yaml']);
    all();
    workspace.deleteFile('pay.yaml');
    ({ paths } = workspace.changesSince(mark));
    assert.deepEqual(paths, ['pay.yaml']);
  });
});
