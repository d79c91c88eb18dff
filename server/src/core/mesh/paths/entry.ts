import { gatewayFacts, gatewayWorkloads, ISTIO_GATEWAY } from '../../model/gateways.ts';
import { GATEWAY_API } from '../../model/routes.ts';
import type { World } from '../../model/world.ts';
import { isEastWest } from '../networks.ts';
import { type Opening, openness } from '../routing/openings.ts';
import { isWaypoint } from '../waypoints.ts';
import type { PathContext } from './context.ts';
import type { LegParts, PathDraft } from './draft.ts';
import { type Ends, type GatewaySource, nameOf } from './ends.ts';
import { openingsOf } from './gatewayRoutes.ts';
import { choiceOf } from './routeReaders.ts';

/** From outside to a host: in by the gateway that is open for it. Addresses of Services are not reached from there. */

/** The request as the gateway sends it on; as it was where no gateway takes it in. */
export function enter(context: PathContext, ends: Ends, draft: PathDraft): Ends {
  const { source, destination, http } = ends;
  if (source.kind !== 'outside' || destination.kind === 'service' || destination.kind === 'pod') return ends;
  const { host, port } = destination;
  const asked = { ...ends, http: http && { ...http, host: http.host ?? host } };
  const [door] = doorsFor(context, asked, host.toLowerCase(), port);
  if (!door) return ends;
  const site = { located: door.opening.owner, node: door.opening.node };
  const gateway = nameOf(door.source.gateway);
  draft.assume.add(`${host} leads to the gateway ${gateway}: what DNS and load balancers do is not in the files.`);
  draft.go(`gw:${gateway}`, 'gateway', { ...legInto(door.opening, port), because: [site] }, [site]);
  return { ...asked, source: door.source, entered: door.opening };
}

interface Door {
  readonly source: GatewaySource;
  readonly opening: Opening;
  readonly rank: number;
}

/** The openings for a host and port, the most specific first. One for all hosts counts where a route uses it. */
function doorsFor(context: PathContext, ends: Ends, host: string, port: number): Door[] {
  return gatewaysOf(context.world)
    .flatMap((source) =>
      openingsOf(context.world, source).flatMap((opening): Door[] => {
        const rank = opening.port === port ? openness(opening, host) : undefined;
        return rank === undefined ? [] : [{ source, opening, rank }];
      }),
    )
    .filter(({ source, opening, rank }) => rank > 0 || isUsed(context, { ...ends, source, entered: opening }))
    .toSorted((a, b) => b.rank - a.rank);
}

function isUsed(context: PathContext, ends: Ends): boolean {
  const namespace = ends.source.kind === 'gateway' ? ends.source.gateway.namespace : '';
  return choiceOf(context, ends, { node: '', reader: 'gateway', namespace }) !== undefined;
}

/** By name, so that the answer does not depend on the order of files. */
function gatewaysOf(world: World): GatewaySource[] {
  const own = world
    .ofKind(`${GATEWAY_API}/Gateway`)
    .filter((gateway) => !isWaypoint(world, gateway) && !isEastWest(gateway))
    .map((gateway) => ({ kind: 'gateway' as const, gateway, workload: undefined }));
  const workloads = world.ofKind(ISTIO_GATEWAY).flatMap((gateway) => gatewayWorkloads(world, gatewayFacts(gateway)));
  const istio = [...new Set(workloads)].map((workload) => ({
    kind: 'gateway' as const,
    gateway: workload.located,
    workload,
  }));
  return [...own, ...istio].toSorted((a, b) => (nameOf(a.gateway) < nameOf(b.gateway) ? -1 : 1));
}

function legInto({ tls, section }: Opening, port: number): LegParts {
  switch (tls) {
    case 'none':
      return {
        kind: 'plaintext',
        port,
        appTls: section === 'http' ? 'no' : 'unknown',
        why: 'The gateway takes connections in here without TLS.',
      };
    case 'passed':
      return {
        kind: 'tls-passthrough',
        port,
        appTls: 'yes',
        why: 'The gateway reads the name in the handshake of TLS, and leaves the rest to the backend.',
      };
    default: {
      const proof = tls === 'mutual' ? ' The client has to show a certificate of its own.' : '';
      return {
        kind: 'tls-passthrough',
        port,
        appTls: 'yes',
        why: `The TLS of the client ends at the gateway.${proof}`,
      };
    }
  }
}
