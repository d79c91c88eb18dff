import type { ClientTlsMode } from '../clientTls.ts';
import { clientTls } from '../clientTls.ts';
import { meshConfigOf } from '../meshConfig.ts';
import type { PathContext } from './context.ts';
import type { Destination } from './ends.ts';

/** What DestinationRules have a client do on its way to a host. */

/** The name under which DestinationRules speak of a destination; undefined for addresses of pods. */
export function hostOf(destination: Destination): string | undefined {
  switch (destination.kind) {
    case 'service':
      return `${destination.service.name}.${destination.service.namespace}.svc.cluster.local`;
    case 'pod':
      return undefined;
    default:
      return destination.host;
  }
}

/** The TLS that clients of a namespace start towards a destination; undefined where no rule says anything. */
export function tlsTowards(
  { world, settings }: PathContext,
  destination: Destination,
  namespace: string,
): ClientTlsMode | undefined {
  const host = hostOf(destination);
  if (host === undefined) return undefined;
  const port = destination.kind === 'service' ? destination.port.port : destination.port;
  return clientTls(world, meshConfigOf(world, settings).rootNamespace, { namespace, host, port }).mode;
}

/** Whether a client starts TLS that is not the mesh's. */
export function startsTls(context: PathContext, destination: Destination, namespace: string): boolean {
  const mode = tlsTowards(context, destination, namespace);
  return mode === 'SIMPLE' || mode === 'MUTUAL';
}
