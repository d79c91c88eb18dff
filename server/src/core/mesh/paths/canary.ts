import type { Site } from '../../model/located.ts';
import { at } from '../../yaml/access.ts';
import { USE_WAYPOINT, userOf } from '../waypoints.ts';
import type { Addressee, PathContext } from './context.ts';
import type { PathDraft } from './draft.ts';

/** A second waypoint for a share of the connections: which of the two takes a request, nobody can say (W8). */

const CANARY = 'istio.io/use-waypoint-canary';

/** Ends the path where a canary label stands, since it is alpha in 1.31 and what it does is not settled. */
export function endsAtCanary(context: PathContext, addressee: Addressee, draft: PathDraft): boolean {
  const site = context.hypothesis === undefined ? canaryOf(context, addressee) : undefined;
  if (!site) return false;
  draft.refusals.push({ result: 'unknown', at: draft.here, by: CANARY });
  draft.remark(
    `The label ${CANARY} (1.31 alpha) splits connections between two waypoints, so the path is not predicted.`,
  );
  return true;
}

/** The label on what is addressed, else on its namespace where what is addressed names no waypoint of its own. */
function canaryOf({ world }: PathContext, addressee: Addressee): Site | undefined {
  const user = 'workload' in addressee ? addressee.workload : userOf(locatedOf(addressee));
  const own = at(user.metadata, 'labels', CANARY);
  if (own) return { located: user.located, node: own };
  if (at(user.metadata, 'labels', USE_WAYPOINT)) return undefined;
  const namespace = world.find('/Namespace', '', user.namespace);
  const inherited = at(namespace?.root, 'metadata', 'labels', CANARY);
  return namespace && inherited ? { located: namespace, node: inherited } : undefined;
}

function locatedOf(addressee: Exclude<Addressee, { workload: unknown }>) {
  return 'service' in addressee ? addressee.service.located : addressee.entry;
}
