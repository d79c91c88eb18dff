import type { KindKey, Located } from '../../model/located.ts';
import { destinationRulesFor } from '../../model/traffic.ts';
import { meshVirtualServicesOf } from '../exposures.ts';
import { routesAttachedTo } from '../linkerdServers.ts';
import { hostOf } from './clientRules.ts';
import { type PathContext, type PathPlane, planeOf } from './context.ts';
import type { PathDraft } from './draft.ts';
import type { Ends } from './ends.ts';
import { type Judgement, NO_JUDGEMENT, verdict } from './judgement.ts';
import { whyBypassed } from './policyTargets.ts';
import { profileOf } from './serviceProfiles.ts';
import type { NodeId, PolicyVerdict } from './vocabulary.ts';

/** Which proxy respects the routes and DestinationRules for what is addressed, if one does. */
export function judgeTraffic(context: PathContext, ends: Ends, draft: PathDraft): Judgement {
  const { source, destination } = ends;
  if (destination.kind === 'pod' || destination.kind === 'host') return NO_JUDGEMENT;
  const plane = source.kind === 'workload' ? planeOf(context, source.workload) : source.kind;
  const reader = readerOf(draft);
  const located = destination.kind === 'service' ? destination.service.located : destination.entry;
  const key: KindKey = destination.kind === 'service' ? '/Service' : 'networking.istio.io/ServiceEntry';
  const attached = routesAttachedTo(context.world, key, located).map(({ route }) => route);
  const routes = [...new Set(attached)].filter(({ resource }) => ROUTES.has(resource.kind));
  const clientNamespace = source.kind === 'workload' ? source.workload.namespace : undefined;
  const profile = plane === 'linkerd' ? profileOf(context.world, ends) : undefined;
  const virtualServices = [...new Set(meshVirtualServicesOf(context.world, located).map((site) => site.located))];
  return {
    policies: [
      ...(profile && reader ? [verdict(profile, 'enforced', reader, 'as-written', null)] : []),
      ...routes.map((route) => {
        if (profile) return verdict(route, 'shadowed', null, 'none', `ServiceProfile ${profile.name} takes precedence`);
        return routeVerdict(route, located, plane, reader, ends);
      }),
      ...(plane === 'linkerd'
        ? []
        : [
            ...virtualServices.map((rule) => ruleVerdict(rule, plane, reader, 'VirtualServices')),
            ...destinationRules(context, ends, reader, clientNamespace).map((rule) =>
              ruleVerdict(rule, plane, reader, 'DestinationRules'),
            ),
          ]),
    ],
    refusals: [],
  };
}

const ROUTES = new Set(['HTTPRoute', 'GRPCRoute']);

/** The proxy of the path that routes: a waypoint, the client's own, or the gateway that the request comes from. */
function readerOf(draft: PathDraft): NodeId | undefined {
  const kinds = new Set(['waypoint', 'linkerd-outbound', 'gateway']);
  const routing = draft.nodes.find(({ kind }) => kinds.has(kind));
  return routing?.id ?? draft.nodes.find(({ kind }, index) => kind === 'sidecar' && index === 1)?.id;
}

type ClientPlane = PathPlane | 'outside' | 'kubelet';

function routeVerdict(
  route: Located,
  service: Located,
  plane: ClientPlane,
  reader: NodeId | undefined,
  ends: Ends,
): PolicyVerdict {
  if (plane === 'gateway') return verdict(route, 'bypassed', null, 'none', 'a gateway follows its own routes');
  if (!reader) {
    const reason = plane === 'ambient' ? 'no proxy on the path reads requests' : whyBypassed(ends);
    return verdict(route, 'not-attached', null, 'none', reason);
  }
  if (reader.startsWith('wp:') && route.namespace !== service.namespace)
    return verdict(route, 'ignored', null, 'none', 'a waypoint follows routes of the namespace of the Service alone');
  return verdict(route, 'enforced', reader, 'as-written', null);
}

function ruleVerdict(rule: Located, plane: ClientPlane, reader: NodeId | undefined, what: string): PolicyVerdict {
  if (reader) return verdict(rule, 'enforced', reader, 'as-written', null);
  const reason = plane === 'ambient' ? `ztunnel reads no ${what}` : `the client has no proxy that reads ${what}`;
  return verdict(rule, 'ignored', null, 'none', reason);
}

/** As the client sees them, or the waypoint, which looks from its own namespace. */
function destinationRules(
  { world }: PathContext,
  { destination }: Ends,
  reader: NodeId | undefined,
  clientNamespace: string | undefined,
): Located[] {
  const host = hostOf(destination);
  const namespace = reader?.startsWith('wp:') ? reader.slice('wp:'.length).split('/')[0] : clientNamespace;
  if (host === undefined) return [];
  return destinationRulesFor(world, host, namespace ?? '').map(({ located }) => located);
}
