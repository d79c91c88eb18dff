import { items, text } from '../../yaml/access.ts';
import { routesOfAddressee } from '../routing/attachedRoutes.ts';
import { type Choice, namedInHandshake } from '../routing/choice.ts';
import { chooseRanked } from '../routing/rank.ts';
import { type RouteRequest, type Section, splitHost } from '../routing/request.ts';
import { hostOf } from './clientRules.ts';
import type { PathContext } from './context.ts';
import { addressedPort, addressedResource, type Destination, type Ends } from './ends.ts';
import { chooseAtGateway } from './gatewayRoutes.ts';
import { chooseInMesh } from './istioRoutes.ts';
import { chooseForLinkerd } from './linkerdRoutes.ts';
import type { Router } from './router.ts';
import { speechOf } from './speech.ts';

/** Which routes a proxy reads for a request. */

/** What the routes that a proxy reads say; undefined where it reads none for what is addressed. */
export function choiceOf(context: PathContext, ends: Ends, router: Router): Choice | undefined {
  switch (router.reader) {
    case 'gateway':
      return chooseAtGateway(context, ends, requestOf(ends, router, 'http'));
    case 'linkerd-outbound':
      return chooseForLinkerd(context, ends, requestOf(ends, router, ends.http ? 'http' : 'tcp'), router);
    case 'cilium-envoy':
      return chooseForCilium(context, ends, requestOf(ends, router, 'http'));
    default:
      return chooseForIstio(context, ends, router);
  }
}

function chooseForIstio(context: PathContext, ends: Ends, router: Router): Choice | undefined {
  const speech = speechOf(ends);
  if (!speech) return undefined;
  const request = requestOf(ends, router, speech.as);
  const choice = chooseInMesh(context, ends, request, router);
  if (!choice) return undefined;
  const named = speech.as === 'tls' ? namedInHandshake(choice, request.sni) : choice;
  return speech.assume === undefined ? named : { ...named, assume: [...named.assume, speech.assume] };
}

/** Cilium's routes are those of the Service's namespace, for all of its clients. */
function chooseForCilium(
  { world }: PathContext,
  { destination, http }: Ends,
  request: RouteRequest,
): Choice | undefined {
  const addressee = addressedResource(destination);
  if (!addressee || !http) return undefined;
  const routes = routesOfAddressee(world, addressee, request.port).filter(
    (route) => route.namespace === addressee.namespace && route.resource.group !== 'policy.linkerd.io',
  );
  return routes.length === 0
    ? undefined
    : chooseRanked(
        routes.map((route) => ({ route, hostRank: 0 })),
        request,
      );
}

function requestOf(ends: Ends, { reader, namespace }: Router, section: Section): RouteRequest {
  const { source, destination, http, entered } = ends;
  const written = http?.host === undefined ? undefined : splitHost(http.host).host;
  // By which name a gateway is called, the name of its backend does not say.
  const host = written ?? (reader === 'gateway' && !entered ? undefined : hostOf(destination)?.toLowerCase());
  return {
    host,
    method: http?.method ?? '',
    path: http?.path ?? '',
    headers: http?.headers ?? {},
    port: reader === 'gateway' ? entered?.port : addressedPort(destination),
    scheme: entered && entered.tls !== 'none' ? 'https' : 'http',
    sourceNamespace: namespace,
    sourceLabels: 'workload' in source ? source.workload?.labels : undefined,
    section,
    sni: host,
    addresses: addressesOf(destination),
  };
}

/** Those that files say. */
function addressesOf(destination: Destination): string[] {
  const spec = addressedResource(destination)?.root;
  const fields = destination.kind === 'entry' ? ['addresses'] : ['clusterIPs'];
  const listed = fields.flatMap((field) => items(spec, 'spec', field)).flatMap((node) => text(node) ?? []);
  const single = text(spec, 'spec', 'clusterIP');
  return single === undefined || listed.includes(single) ? listed : [...listed, single];
}
