import type { Located } from '../../model/located.ts';
import { LINKERD_POLICY } from '../../model/routes.ts';
import { routesAttachedTo } from '../linkerdServers.ts';
import { SECTION_OF_KIND } from '../routing/attachedRoutes.ts';
import { type PathContext, planeOf } from './context.ts';
import { addressedPort, addressedResource, type Ends, nameOf } from './ends.ts';
import { attachedFor } from './istioRoutes.ts';
import { type Unread, verdict } from './judgement.ts';
import { whyUnreadByLinkerd } from './linkerdRoutes.ts';
import { whyBypassed } from './policyTargets.ts';
import type { Router } from './router.ts';
import { speechOf } from './speech.ts';
import type { PolicyVerdict } from './vocabulary.ts';

/** What becomes of the routes of the Gateway API whose parent is the addressed Service or ServiceEntry. */

/** `router` is the proxy of the path that reads such routes; undefined where none does. */
export function judgeRoutes(
  context: PathContext,
  ends: Ends,
  router: Router | undefined,
  rival: Located | undefined,
): PolicyVerdict[] {
  const addressee = addressedResource(ends.destination);
  if (!addressee) return [];
  const { group, kind } = addressee.resource;
  const attached = routesAttachedTo(context.world, `${group}/${kind}`, addressee);
  const routes = [...new Set(attached.map(({ route }) => route))].filter(({ resource }) =>
    SECTION_OF_KIND.has(resource.kind),
  );
  return routes.map((route) => {
    const ports = attached.filter((entry) => entry.route === route).map(({ parent }) => parent.port);
    const isForPort = ports.some((port) => port === undefined || port === addressedPort(ends.destination));
    const unread = isForPort ? whyUnread(context, ends, { route, addressee, router, rival }) : OTHER_PORT;
    return unread || !router
      ? verdict(route, unread?.state ?? 'unknown', null, 'none', unread?.reason ?? null)
      : verdict(route, 'enforced', router.node, 'as-written', null);
  });
}

const OTHER_PORT: Unread = { state: 'not-applicable', reason: 'it is for another port' };

interface Reading {
  readonly route: Located;
  readonly addressee: Located;
  readonly router: Router | undefined;
  /** A VirtualService for the same host, where the proxy reads one. */
  readonly rival: Located | undefined;
}

function whyUnread(context: PathContext, ends: Ends, reading: Reading): Unread | undefined {
  const { route, addressee, router } = reading;
  if (!router) return whyNobodyReads(context, ends);
  if (router.reader === 'linkerd-outbound') return whyUnreadByLinkerd(context, ends, route, router);
  if (route.resource.group === LINKERD_POLICY)
    return { state: 'ignored', reason: `only Linkerd reads routes of ${LINKERD_POLICY}` };
  if (router.reader === 'cilium-envoy')
    return route.namespace === addressee.namespace
      ? undefined
      : { state: 'ignored', reason: 'Cilium follows routes of the namespace of the Service alone' };
  return whyUnreadByIstio(context, ends, { ...reading, router });
}

function whyNobodyReads(context: PathContext, ends: Ends): Unread {
  const { source } = ends;
  if (source.kind === 'gateway') return { state: 'bypassed', reason: 'a gateway follows its own routes' };
  const isAmbient = source.kind === 'workload' && planeOf(context, source.workload) === 'ambient';
  return { state: 'not-attached', reason: isAmbient ? 'no proxy on the path reads requests' : whyBypassed(ends) };
}

const ALPHA: Unread = {
  state: 'ignored',
  reason: 'Istio reads TLSRoutes and TCPRoutes only with meshpath.istiod.enableAlphaGatewayApi',
};

function whyUnreadByIstio(
  context: PathContext,
  ends: Ends,
  { route, addressee, router, rival }: Reading & { readonly router: Router },
): Unread | undefined {
  const section = SECTION_OF_KIND.get(route.resource.kind);
  const isProducer = route.namespace === addressee.namespace;
  if (section !== 'http' && !context.settings.istiod.enableAlphaGatewayApi) return ALPHA;
  if (router.reader === 'waypoint' && !isProducer)
    return { state: 'ignored', reason: 'a waypoint follows routes of the namespace of the Service alone' };
  if (!isProducer && route.namespace !== router.namespace)
    return { state: 'not-applicable', reason: `it is for clients of namespace ${route.namespace}` };
  if (speechOf(ends)?.as !== section)
    return {
      state: 'not-applicable',
      reason: `what is sent to the port is not what a ${route.resource.kind} is about`,
    };
  const read = attachedFor(context, addressee, { section, port: addressedPort(ends.destination) }, router);
  if (!read.includes(route))
    return router.reader === 'waypoint'
      ? { state: 'ignored', reason: 'a waypoint takes TLS by one name alone, that of the Service' }
      : { state: 'shadowed', reason: 'routes of the client’s own namespace replace those of the Service' };
  if (!rival) return undefined;
  const reason = `VirtualService ${nameOf(rival)} is for the same host, and which of the two kinds counts is not defined`;
  return { state: 'unknown', reason };
}
