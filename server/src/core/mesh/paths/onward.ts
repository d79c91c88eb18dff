import { arrive, leaveFor, type Sender } from './arrival.ts';
import type { PathContext } from './context.ts';
import { cross } from './crossing.ts';
import type { PathDraft } from './draft.ts';
import { type Destination, targetPortOf } from './ends.ts';

/** On to a destination before which no proxy stands that the client's side chooses: to the pod, or out of the cluster. */

export interface Onward {
  readonly destination: Destination;
  readonly sender: Sender;
  /** The network in which the sender stands, where networks count. */
  readonly from?: string | undefined;
  /** Why nothing of a mesh is added outside of the cluster. */
  readonly outside: string;
}

export function goOn(context: PathContext, draft: PathDraft, { destination, sender, from, outside }: Onward): void {
  switch (destination.kind) {
    case 'pod': {
      const { workload, port } = destination;
      if (cross(context, draft, { from, to: workload, service: undefined, sender }))
        arrive(context, draft, workload, port, sender);
      break;
    }
    case 'service': {
      const { service, port, endpoint } = destination;
      if (!endpoint) draft.endsNowhere(service);
      else if (cross(context, draft, { from, to: endpoint, service, sender }))
        arrive(context, draft, endpoint, targetPortOf(port, endpoint), sender);
      break;
    }
    default:
      leaveFor(context, draft, destination, sender, outside);
  }
}

export const NO_MESH_OUTSIDE = 'Outside of the mesh nothing answers in its TLS.';
