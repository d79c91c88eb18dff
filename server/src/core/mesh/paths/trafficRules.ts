import type { Located } from '../../model/located.ts';
import { destinationRulesFor } from '../../model/traffic.ts';
import type { World } from '../../model/world.ts';
import { clientTls } from '../clientTls.ts';
import { meshConfigOf } from '../meshConfig.ts';
import { hostOf } from './clientRules.ts';
import { type PathContext, planeOf } from './context.ts';
import type { PathDraft } from './draft.ts';
import { addressedPort, addressedResource, type Ends } from './ends.ts';
import { attachedFor } from './istioRoutes.ts';
import { type Judgement, NO_JUDGEMENT, refOf, verdict } from './judgement.ts';
import { isAgentgateway, NOT_FOR_AGENTGATEWAY } from './policyTargets.ts';
import type { Router } from './router.ts';
import { judgeRoutes } from './routeVerdicts.ts';
import { profileOf } from './serviceProfiles.ts';
import { speechOf } from './speech.ts';
import { decidingFor, judgeVirtualServices } from './virtualServiceVerdicts.ts';
import type { NodeId, PolicyVerdict } from './vocabulary.ts';

/** Which proxy respects the routes and DestinationRules for what is addressed, if one does. */
export function judgeTraffic(context: PathContext, ends: Ends, draft: PathDraft): Judgement {
  const { destination } = ends;
  const own = followedByGateway(draft);
  if (destination.kind === 'pod') return NO_JUDGEMENT;
  const router = routerOf(context, ends, draft);
  const meshRouter = router?.reader === 'gateway' ? undefined : router;
  const isLinkerd = meshRouter?.reader === 'linkerd-outbound';
  const profile = isLinkerd ? profileOf(context.world, ends) : undefined;
  const deciding = decidingFor(context, ends, meshRouter);
  const [virtual] = deciding?.used ?? [];
  const [attached] = meshRouter ? readRoutes(context, ends, meshRouter) : [];
  const judged = [
    ...(profile && meshRouter ? [verdict(profile, 'enforced', meshRouter.node, 'as-written', null)] : []),
    ...judgeRoutes(context, ends, meshRouter, virtual),
    ...(isLinkerd
      ? []
      : [
          ...judgeVirtualServices(context, ends, {
            router: meshRouter,
            deciding,
            nobody: whyNobody(context, ends, 'VirtualServices'),
            rival: attached,
          }),
          ...judgeDestinationRules(context, ends, router),
        ]),
  ];
  const followed = new Set(own.map(({ ref }) => ref));
  return {
    policies: [...own, ...judged.filter(({ ref, verdict: state }) => state === 'enforced' || !followed.has(ref))],
    refusals: [],
  };
}

/** What a gateway follows is attached to it, and not to what it sends to. */
function followedByGateway({ routes }: PathDraft): PolicyVerdict[] {
  return routes.flatMap(({ node, site }) =>
    node.startsWith('gw:') && site ? [verdict(site.located, 'enforced', node, 'as-written', null)] : [],
  );
}

/** The proxy of the path that routes: a waypoint, the client's own, or the gateway that the request comes from. */
function routerOf({ world }: PathContext, { source }: Ends, draft: PathDraft): Router | undefined {
  const own = source.kind === 'workload' ? source.workload.namespace : '';
  for (const { id, kind } of draft.nodes) {
    if (kind === 'waypoint') return waypointRouter(world, id);
    if (kind === 'linkerd-outbound') return { node: id, reader: 'linkerd-outbound', namespace: own };
  }
  const [first, second] = draft.nodes;
  if (first?.kind === 'app' && second?.kind === 'sidecar')
    return { node: second.id, reader: 'sidecar', namespace: own };
  const cilium = draft.routes.find(({ node }) => node.startsWith('cn:'));
  if (cilium) return { node: cilium.node, reader: 'cilium-envoy', namespace: own };
  const gateway = draft.nodes.find(({ kind }) => kind === 'gateway');
  return gateway && { node: gateway.id, reader: 'gateway', namespace: namespaceIn(gateway.id) };
}

function waypointRouter(world: World, node: NodeId): Router {
  const [namespace = '', name = ''] = node.slice('wp:'.length).split('/');
  const gateway = world.find('gateway.networking.k8s.io/Gateway', namespace, name);
  return { node, reader: 'waypoint', namespace, isForeign: isAgentgateway({ namespace, name, gateway }) };
}

function namespaceIn(id: NodeId): string {
  return id.slice(id.indexOf(':') + 1).split('/')[0] ?? '';
}

function readRoutes(context: PathContext, ends: Ends, router: Router): readonly Located[] {
  const addressee = addressedResource(ends.destination);
  const section = speechOf(ends)?.as;
  if (!addressee || (router.reader !== 'sidecar' && router.reader !== 'waypoint')) return [];
  return attachedFor(context, addressee, { section, port: addressedPort(ends.destination) }, router);
}

function whyNobody(context: PathContext, { source }: Ends, what: string): string {
  if (source.kind === 'gateway') return 'it is for the mesh, and a gateway follows what names it';
  const isAmbient = source.kind === 'workload' && planeOf(context, source.workload) === 'ambient';
  return isAmbient ? `ztunnel reads no ${what}` : `the client has no proxy that reads ${what}`;
}

/** As the client sees them, or the waypoint, which looks from its own namespace. One of them applies. */
function judgeDestinationRules(context: PathContext, ends: Ends, router: Router | undefined): PolicyVerdict[] {
  const { world, settings } = context;
  const { source, destination } = ends;
  const host = hostOf(destination);
  if (host === undefined) return [];
  const client = source.kind === 'workload' ? source.workload.namespace : '';
  const namespace = router?.namespace ?? client;
  const { rootNamespace } = meshConfigOf(world, settings);
  const applied = clientTls(world, rootNamespace, { namespace, host }).decidedBy;
  return destinationRulesFor(world, host, namespace).map(({ located }) => {
    if (router?.isForeign) return verdict(located, 'ignored', null, 'none', NOT_FOR_AGENTGATEWAY);
    if (!router || router.reader === 'cilium-envoy')
      return verdict(located, 'ignored', null, 'none', whyNobody(context, ends, 'DestinationRules'));
    if (!applied || applied.namespace === located.namespace)
      return verdict(located, 'enforced', router.node, 'as-written', null);
    return verdict(located, 'shadowed', null, 'none', `${refOf(applied)} comes before it for clients of ${namespace}`);
  });
}
