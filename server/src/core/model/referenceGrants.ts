import { items, text } from '../yaml/access.ts';
import type { Located } from './located.ts';
import type { World } from './world.ts';
import { worldIndex } from './worldIndex.ts';

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

const grantsIn = worldIndex(['gateway.networking.k8s.io/ReferenceGrant'], (grant) => [[grant.namespace, grant]]);
