import type { PathContext } from './context.ts';
import type { PathDraft } from './draft.ts';
import type { Ends } from './ends.ts';
import { goOn } from './onward.ts';

/** From a client without a proxy: straight to a pod, without identity, past every waypoint (P6). */
export function leavePlain(context: PathContext, { destination }: Ends, draft: PathDraft): void {
  const sender = { speaks: new Set<never>(), identity: null, srcIp: 'client' as const };
  goOn(context, draft, { destination, sender, outside: 'No mesh is involved.' });
}
