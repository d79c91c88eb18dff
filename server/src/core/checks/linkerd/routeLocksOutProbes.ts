import { declaresProbes, httpProbes, type Probe } from '../../mesh/kubeletProbes.ts';
import { inboundRoutes, podsOfServer, portOfServer, SERVER } from '../../mesh/linkerdServers.ts';
import type { Located } from '../../model/located.ts';
import { at, has, items, text } from '../../yaml/access.ts';
import type { YamlNode } from '../../yaml/tree.ts';
import { workspaceCheck } from '../check.ts';

/** Routes on a Server that leave the kubelet's probes without one. */
export const routeLocksOutProbes = workspaceCheck({
  facts: {
    code: 'route-locks-out-probes',
    severity: 'error',
    what: 'Routes are attached to a Server, and none of them matches the probes of its pods.',
    why: 'Linkerd lets probes in by itself only while no route is attached. With the first one they are answered with 404: the pods become unready, or are restarted again and again.',
    todo: 'Attach an HTTPRoute for the path of the probes, with an AuthorizationPolicy that lets the network of the nodes in (NetworkAuthentication).',
    source: 'linkerd/linkerd2:policy-controller/k8s/index/src/inbound/index.rs; linkerd/linkerd2#8945',
  },
  kinds: [SERVER],
  run(server, { world, report }) {
    const node = at(server.root, 'metadata', 'name');
    const routes = inboundRoutes(world, server).filter((route) => route.resource.kind === 'HTTPRoute');
    if (!node || routes.length === 0) return;
    const pods = podsOfServer(world, server);
    const related = routes.slice(0, 1).map((route) => ({
      site: { located: route, node: at(route.root, 'metadata', 'name') ?? route.root },
      message: 'the route',
    }));
    for (const pod of pods) {
      const probes = httpProbes(pod).filter(({ port }) => port === portOfServer(server, pod));
      const open = probes.find((probe) => !routes.some((route) => covers(route, probe)));
      if (!open) continue;
      report(
        node,
        `No route of this Server matches the probe \`GET ${open.path}\` of the pods of \`${pod.name}\`, so the kubelet gets 404 and the pods become unready.`,
        {
          related: [...related, { site: { located: pod.located, node: open.node }, message: 'the probe' }],
        },
      );
      return;
    }
    // Where nothing is probed here, probes may still be added elsewhere; a word, not a fault.
    const unknown = pods.find((pod) => !declaresProbes(pod));
    if (unknown && !routes.some((route) => matchesEverything(route)))
      report(
        node,
        `Routes are attached and none matches every path: probes of \`${unknown.name}\`, of which its template shows none, would get 404.`,
        { severity: 'hint', related },
      );
  },
});

function covers(route: Located, probe: Probe): boolean {
  const path = probe.path.split('?')[0] ?? '/';
  return matchesOf(route).some(
    (match) => match === undefined || (matchesMethod(match) && matchesPath(match, path) && !hasConditions(match)),
  );
}

function matchesEverything(route: Located): boolean {
  return matchesOf(route).some(
    (match) =>
      match === undefined ||
      (!hasConditions(match) &&
        matchesMethod(match) &&
        (!has(match, 'path') || text(match, 'path', 'value') === '/') &&
        text(match, 'path', 'type') !== 'Exact'),
  );
}

/** The matches of all rules; `undefined` for a rule without any, which takes every request. */
function matchesOf(route: Located): readonly (YamlNode | undefined)[] {
  return items(route.root, 'spec', 'rules').flatMap((rule): readonly (YamlNode | undefined)[] => {
    const matches = items(rule, 'matches');
    return matches.length > 0 ? matches : [undefined];
  });
}

function matchesMethod(match: YamlNode): boolean {
  return (text(match, 'method') ?? 'GET') === 'GET';
}

/** Probes carry no header or parameter that a match could ask for. */
function hasConditions(match: YamlNode): boolean {
  return items(match, 'headers').length > 0 || items(match, 'queryParams').length > 0;
}

function matchesPath(match: YamlNode, path: string): boolean {
  if (!has(match, 'path')) return true;
  const value = text(match, 'path', 'value');
  if (value === undefined) return true;
  switch (text(match, 'path', 'type') ?? 'PathPrefix') {
    case 'Exact':
      return path === value;
    case 'PathPrefix':
      return path === value || value === '/' || path.startsWith(value.endsWith('/') ? value : `${value}/`);
    default:
      // What an expression matches is not decided here; it may be meant for the probes.
      return true;
  }
}
