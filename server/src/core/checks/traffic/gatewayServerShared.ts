import {
  type GatewayFacts,
  type GatewayHost,
  type GatewayServer,
  gatewayFacts,
  ISTIO_GATEWAY,
  selectorKey,
} from '../../model/gateways.ts';
import { wildcardsOver } from '../../model/hostIndex.ts';
import { hostsMatch } from '../../model/hosts.ts';
import { describeLocated, type Located } from '../../model/located.ts';
import type { World } from '../../model/world.ts';
import { worldIndex } from '../../model/worldIndex.ts';
import { workspaceCheck } from '../check.ts';

/** Two servers, of one Gateway or of two for the same proxies, with the same host and port. */
export const gatewayServerShared = workspaceCheck({
  facts: {
    code: 'gateway-server-shared',
    severity: 'warning',
    what: 'Two servers for the same gateway proxies have the same port and host.',
    why: 'Istio keeps one of them; with different protocols or certificates the other one does not work.',
    todo: 'Keep the host in one server, or give the Gateways different selectors.',
    peers: ['KIA0301'],
    source:
      'istio/istio pkg/config/analysis/analyzers/gateway/conflictinggateway.go; kiali/kiali business/checkers/gateways/multi_match_checker.go',
  },
  kinds: [ISTIO_GATEWAY],
  run(located, scope) {
    const facts = gatewayFacts(located);
    if (!facts.selectorKnown) return;
    for (const server of facts.servers) {
      for (const host of server.hosts) {
        const own: Opened = { located, server, host, name: host.host.toLowerCase() };
        const rival = rivalOf(scope.world, facts, own);
        if (!rival) continue;
        const where = rival.located === located ? 'this Gateway' : describeLocated(rival.located);
        const same = rival.name === own.name;
        const clash = protocolsClash(rival.server, server, same)
          ? ` with protocol ${rival.server.protocol} instead of ${server.protocol}`
          : '';
        const outcome = same || clash !== '' ? '' : ': each request is for the narrower of the two hosts';
        scope.report(
          host.node,
          `Port ${server.port} of ${where} already has the host \`${rival.host.host}\`${clash}, for the same proxies${outcome}.`,
          {
            // A server for many hosts beside one for a single host works: the narrower host wins.
            severity: clash !== '' ? 'error' : same ? 'warning' : 'info',
            related: [{ site: { located: rival.located, node: rival.host.node }, message: 'the other server' }],
            peers: rival.located === located ? [] : ['IST0145'],
          },
        );
      }
    }
  },
});

interface Opened {
  readonly located: Located;
  readonly server: GatewayServer;
  readonly host: GatewayHost;
  /** The host in lower case. */
  readonly name: string;
}

const byHost = worldIndex<Opened>([ISTIO_GATEWAY], (located) => {
  const facts = gatewayFacts(located);
  return facts.servers.flatMap((server) => {
    const place = placeOf(facts, server);
    return server.hosts.flatMap((host) => {
      const opened = { located, server, host, name: host.host.toLowerCase() };
      return [[place + opened.name, opened] as const, [place, opened] as const];
    });
  });
});

/** The listener of which proxies; the name of a host is added to it. */
function placeOf({ selector }: GatewayFacts, { port, bind }: GatewayServer): string {
  return `${selectorKey(selector)}|${port}|${bind}|`;
}

function rivalOf(world: World, facts: GatewayFacts, own: Opened): Opened | undefined {
  const { server, host, name } = own;
  if (server.port === undefined) return undefined;
  const place = placeOf(facts, server);
  const isRival = (other: Opened) =>
    other.host.node !== host.node &&
    (other.located === own.located || !sameName(other.located, own.located)) &&
    meetsFrom(other.host, host);
  const same = byHost(world, place + name).find(isRival);
  if (same) return same;
  // Within one Gateway a wildcard beside single hosts is meant as it stands.
  const isNear = (other: Opened) =>
    (other.located !== own.located || name === '*' || other.name === '*') && isRival(other);
  for (const wide of wildcardsOver(name)) {
    const covering = byHost(world, place + wide).find(isNear);
    if (covering) return covering;
  }
  return name.startsWith('*')
    ? byHost(world, place).find((other) => hostsMatch(name, other.name) && isNear(other))
    : undefined;
}

/** Servers of one port share its listener: all of them speak HTTP, or all begin with TLS and are told apart by host. */
function protocolsClash(a: GatewayServer, b: GatewayServer, sameHosts: boolean): boolean {
  if (a.protocol === b.protocol) return false;
  const together = (protocols: ReadonlySet<string>) => protocols.has(a.protocol) && protocols.has(b.protocol);
  return !together(PLAIN_HTTP) && (sameHosts || !together(OVER_TLS));
}

const PLAIN_HTTP: ReadonlySet<string> = new Set(['HTTP', 'HTTP2', 'GRPC', 'GRPC-WEB']);
const OVER_TLS: ReadonlySet<string> = new Set(['HTTPS', 'TLS']);

/** The same Gateway for another environment. */
function sameName(a: Located, b: Located): boolean {
  return a.name === b.name && a.namespace === b.namespace;
}

function meetsFrom(a: GatewayHost, b: GatewayHost): boolean {
  return a.from === b.from || a.from === '*' || b.from === '*';
}
