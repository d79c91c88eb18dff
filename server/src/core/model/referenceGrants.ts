import { items, text } from '../yaml/access.ts';
import type { Located } from './located.ts';
import type { World } from './world.ts';

/** Whether a ReferenceGrant beside the target lets resources of another namespace refer to it. */

export interface GrantedReference {
  readonly from: Located;
  readonly target: { readonly group: string; readonly kind: string; readonly namespace: string; readonly name: string };
}

export function isGranted(world: World, { from, target }: GrantedReference): boolean {
  if (from.namespace === target.namespace) return true;
  return grantsIn(world, target.namespace).some(
    ({ root }) =>
      items(root, 'spec', 'from').some(
        (entry) =>
          text(entry, 'group') === from.resource.group &&
          text(entry, 'kind') === from.resource.kind &&
          text(entry, 'namespace') === from.namespace,
      ) &&
      items(root, 'spec', 'to').some(
        (entry) =>
          groupOf(text(entry, 'group')) === target.group &&
          text(entry, 'kind') === target.kind &&
          (text(entry, 'name') ?? target.name) === target.name,
      ),
  );
}

function groupOf(written: string | undefined): string {
  return written === undefined || written === 'core' ? '' : written;
}

const known = new WeakMap<World, Map<string, Located[]>>();

function grantsIn(world: World, namespace: string): readonly Located[] {
  let grants = known.get(world);
  if (!grants) {
    grants = new Map();
    for (const grant of world.ofKind('gateway.networking.k8s.io/ReferenceGrant'))
      grants.set(grant.namespace, [...(grants.get(grant.namespace) ?? []), grant]);
    known.set(world, grants);
  }
  return grants.get(namespace) ?? [];
}
