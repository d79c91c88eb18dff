import { arrive } from './arrival.ts';
import type { PathContext } from './context.ts';
import type { PathDraft } from './draft.ts';
import { type Ends, entryTargetPort, nameOf, targetPortOf } from './ends.ts';

/** From a client without a proxy: straight to a pod, without identity, past every waypoint (P6). */
export function leavePlain(context: PathContext, { destination }: Ends, draft: PathDraft): void {
  const sender = { speaks: new Set<never>(), identity: null, srcIp: 'client' as const };
  switch (destination.kind) {
    case 'pod':
      return arrive(context, draft, destination.workload, destination.port, sender);
    case 'service': {
      const { service, port, endpoint } = destination;
      if (endpoint) return arrive(context, draft, endpoint, targetPortOf(port, endpoint), sender);
      draft.refusals.push({ result: 'unknown', at: draft.here, by: 'no-endpoint' });
      draft.note = `No workload of the workspace is behind Service ${nameOf(service)}.`;
      return;
    }
    case 'entry':
    case 'host': {
      const port =
        destination.kind === 'entry' ? entryTargetPort(destination.entry, destination.port) : destination.port;
      draft.go(`ext:${destination.host}`, 'external', {
        kind: 'plaintext',
        port,
        appTls: 'unknown',
        why: 'No mesh is involved; the application may speak TLS of its own.',
      });
    }
  }
}
