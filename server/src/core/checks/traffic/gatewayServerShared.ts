import {
  type GatewayFacts,
  type GatewayHost,
  type GatewayServer,
  gatewayFacts,
  ISTIO_GATEWAY,
  selectorKey,
} from '../../model/gateways.ts';
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
        const own: Opened = { located, server, host };
        const rival = rivalOf(scope.world, facts, own);
        if (!rival) continue;
        const where = rival.located === located ? 'this Gateway' : describeLocated(rival.located);
        const same = sameHost(rival.host, host);
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
}

const byHost = worldIndex<Opened>([ISTIO_GATEWAY], (located) => {
  const facts = gatewayFacts(located);
  return facts.servers.flatMap((server) =>
    server.hosts.flatMap((host) =>
      [keyOf(facts, server, host.host), keyOf(facts, server, '')].map(
        (key) => [key, { located, server, host }] as const,
      ),
    ),
  );
});

function keyOf(facts: GatewayFacts, { port, bind }: GatewayServer, host: string): string {
  return `${selectorKey(facts.selector)}|${port}|${bind}|${host.toLowerCase()}`;
}

function rivalOf(world: World, facts: GatewayFacts, own: Opened): Opened | undefined {
  const { server, host } = own;
  if (server.port === undefined) return undefined;
  const isRival = (other: Opened) =>
    other.host.node !== host.node &&
    (other.located === own.located || !sameName(other.located, own.located)) &&
    meetsFrom(other.host, host);
  const same = byHost(world, keyOf(facts, server, host.host)).find(isRival);
  if (same) return same;
  // Within one Gateway a wildcard beside single hosts is meant as it stands.
  const isNear = (other: Opened) =>
    isRival(other) && (other.located !== own.located || host.host === '*' || other.host.host === '*');
  return overlapping(world, facts, own).find(isNear);
}

/** The openings for wildcards that cover the host, and those for the hosts that it covers as a wildcard. */
function overlapping(world: World, facts: GatewayFacts, { server, host }: Opened): readonly Opened[] {
  const covering = wildcardsOver(host.host).flatMap((wide) => byHost(world, keyOf(facts, server, wide)));
  if (!host.host.startsWith('*')) return covering;
  const own = host.host.toLowerCase();
  const all = byHost(world, keyOf(facts, server, ''));
  return [...covering, ...all.filter((other) => hostsMatch(own, other.host.host.toLowerCase()))];
}

function wildcardsOver(host: string): string[] {
  if (host === '*') return [];
  const labels = host.split('.').slice(1);
  return [...labels.map((_, at) => `*.${labels.slice(at).join('.')}`), '*'].filter((wide) => wide !== host);
}

function sameHost(a: GatewayHost, b: GatewayHost): boolean {
  return a.host.toLowerCase() === b.host.toLowerCase();
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
