import {
  type GatewayFacts,
  type GatewayHost,
  type GatewayServer,
  gatewayFacts,
  ISTIO_GATEWAY,
  selectorKey,
} from '../../model/gateways.ts';
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
        const clash =
          rival.server.protocol === server.protocol
            ? ''
            : ` with protocol ${rival.server.protocol} instead of ${server.protocol}`;
        const same = rival.host.host === host.host;
        scope.report(
          host.node,
          `Port ${server.port} of ${where} already has the host \`${rival.host.host}\`${clash}, for the same proxies.`,
          {
            // A server for everything beside one for a host works: the narrower host wins.
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

function keyOf(facts: GatewayFacts, server: GatewayServer, host: string): string {
  return `${selectorKey(facts.selector)}|${server.port}|${host}`;
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
  // `*` stands for every host. Other wildcards are narrower, and the narrower host wins without doubt.
  return host.host === '*'
    ? byHost(world, keyOf(facts, server, '')).find((other) => isRival(other) && !other.host.host.startsWith('*'))
    : undefined;
}

/** The same Gateway for another environment. */
function sameName(a: Located, b: Located): boolean {
  return a.name === b.name && a.namespace === b.namespace;
}

function meetsFrom(a: GatewayHost, b: GatewayHost): boolean {
  return a.from === b.from || a.from === '*' || b.from === '*';
}
