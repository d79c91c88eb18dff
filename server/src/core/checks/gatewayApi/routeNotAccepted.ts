import { admitsKind, admitsNamespace } from '../../model/allowedRoutes.ts';
import type { Located, Site } from '../../model/located.ts';
import { GATEWAY_API, ROUTE_KINDS, type RouteParent, routeFacts } from '../../model/routes.ts';
import { at, items, num, text } from '../../yaml/access.ts';
import type { YamlNode } from '../../yaml/tree.ts';
import { type Scope, workspaceCheck } from '../check.ts';
import { slipOf } from '../slip.ts';

/** A route whose Gateway or ListenerSet exists, and does not take it. */
export const routeNotAccepted = workspaceCheck({
  facts: {
    code: 'route-not-accepted',
    severity: 'error',
    what: 'A route names a Gateway or a ListenerSet none of whose listeners takes it.',
    why: 'The Gateway leaves the route out; requests for it are answered with 404.',
    todo: 'Let the listener take routes of this namespace and kind (`allowedRoutes`), or correct `sectionName` and `port`.',
    peers: ['KIA1401'],
    source:
      'Gateway API specification, AllowedRoutes; kiali/kiali business/checkers/k8shttproutes/no_k8sgateway_checker.go',
  },
  kinds: ROUTE_KINDS,
  run(located, scope) {
    for (const parent of routeFacts(located).parents) {
      if (parent.key !== `${GATEWAY_API}/Gateway` && parent.key !== `${GATEWAY_API}/ListenerSet`) continue;
      const gateways = scope.world.findAll(parent.key, parent.namespace, parent.name);
      const gateway = gateways[0];
      // A workspace may hold one of the same name for each environment. Listeners of a ListenerSet are named through it.
      if (gateway && gateways.length === 1) judge(located, parent, gateway, scope);
    }
  },
});

function judge(route: Located, parent: RouteParent, gateway: Located, scope: Scope): void {
  const listeners = items(gateway.root, 'spec', 'listeners');
  if (listeners.length === 0) return;
  const meant = listeners.filter((listener) => isMeant(parent, listener));
  if (meant.length === 0) {
    reportNoListener(parent, gateway, listeners, scope);
    return;
  }
  const open = meant.filter((listener) => admitsNamespace(scope.world, gateway, listener, route.namespace) !== false);
  const related = [{ site: siteOf(gateway, meant[0]), message: 'the listener' }];
  if (open.length === 0) {
    const from = text(meant[0], 'allowedRoutes', 'namespaces', 'from') ?? 'Same';
    const says =
      from === 'Selector'
        ? 'its selector does not match the labels of that namespace'
        : `\`allowedRoutes.namespaces.from\` is \`${from}\``;
    scope.report(
      parent.nameNode,
      `${gateway.resource.kind} \`${gateway.namespace}/${gateway.name}\` takes no routes of namespace \`${route.namespace}\`: ${says}.`,
      { related },
    );
    return;
  }
  if (!open.some((listener) => admitsKind(listener, route)))
    scope.report(
      parent.nameNode,
      `${gateway.resource.kind} \`${gateway.namespace}/${gateway.name}\` takes no ${route.resource.kind} here: \`allowedRoutes.kinds\` does not list it.`,
      { related },
    );
}

function isMeant(parent: RouteParent, listener: YamlNode): boolean {
  const name = text(listener, 'name');
  const port = num(listener, 'port');
  return (
    (parent.sectionName === undefined || name === undefined || name === parent.sectionName) &&
    (parent.port === undefined || port === undefined || port === parent.port)
  );
}

function reportNoListener(parent: RouteParent, gateway: Located, listeners: readonly YamlNode[], scope: Scope): void {
  const names = listeners.flatMap((listener) => text(listener, 'name') ?? []);
  const section = at(parent.node, 'sectionName');
  const wrongName = parent.sectionName !== undefined && !names.includes(parent.sectionName);
  const where = wrongName ? section : at(parent.node, 'port');
  if (!where) return;
  const { hint, fixes } = slipOf(where, parent.sectionName ?? '', wrongName ? names : []);
  const wanted = wrongName ? `called \`${parent.sectionName}\`` : `on port \`${parent.port}\``;
  scope.report(
    where,
    `${gateway.resource.kind} \`${gateway.namespace}/${gateway.name}\` has no listener ${wanted}.${hint}`,
    {
      fixes,
      related: [{ site: siteOf(gateway, listeners[0]), message: 'its listeners' }],
    },
  );
}

function siteOf(gateway: Located, listener: YamlNode | undefined): Site {
  return { located: gateway, node: at(listener, 'name') ?? listener ?? gateway.root };
}
