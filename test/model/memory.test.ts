import assert from 'node:assert/strict';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { diagnose } from '../../server/src/core/features/diagnostics.ts';
import { Workspace } from '../../server/src/core/model/workspace.ts';
import { DEFAULT_SETTINGS } from '../../server/src/core/settings.ts';

// What is left behind while somebody writes.

setFlagsFromString('--expose-gc');
const collectGarbage: () => void = runInNewContext('gc');

function route(host: string): string {
  return `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: cart, namespace: shop}
spec: {hosts: [${host}], http: [{route: [{destination: {host: ${host}.shop.svc.cluster.local}}]}]}
`;
}

const EDITS = 40;

describe('memory', () => {
  it('holds no world but the last', async () => {
    const workspace = new Workspace();
    const worlds: WeakRef<object>[] = [];
    for (let edit = 0; edit < EDITS; edit++) {
      workspace.setFile('route.yaml', route(`cart-${edit % 2}`));
      const snapshot = workspace.snapshot();
      for (const file of snapshot.files) diagnose(snapshot, file, DEFAULT_SETTINGS);
      worlds.push(new WeakRef(snapshot.world));
    }
    // What was just made is held until the turn is over.
    await new Promise((resolve) => setImmediate(resolve));
    collectGarbage();
    assert.equal(worlds.filter((world) => world.deref()).length, 1);
  });

  it('holds no names that were only on their way', async () => {
    const workspace = new Workspace();
    for (let file = 0; file < 20; file++) workspace.setFile(`${file}.yaml`, route(`other-${file}`));
    const write = (name: string) => {
      workspace.setFile('route.yaml', route(name));
      const snapshot = workspace.snapshot();
      for (const file of snapshot.files) diagnose(snapshot, file, DEFAULT_SETTINGS);
    };
    const used = async (edits: number) => {
      for (let edit = 0; edit < edits; edit++) write(`name-${edits}-${edit}`);
      await new Promise((resolve) => setImmediate(resolve));
      collectGarbage();
      return process.memoryUsage().heapUsed;
    };
    await used(200);
    const before = await used(201);
    const grown = (await used(1000)) - before;
    assert.ok(grown < 1000 * 1500, `${Math.round(grown / 1000)} bytes are left of each edit`);
  });
});
