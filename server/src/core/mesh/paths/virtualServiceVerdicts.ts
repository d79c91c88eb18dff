import type { Located } from '../../model/located.ts';
import { virtualServiceFacts } from '../../model/traffic.ts';
import { isVisibleIn } from '../../model/visibility.ts';
import { items } from '../../yaml/access.ts';
import { type Deciding, virtualServicesFor, virtualServicesNaming } from '../routing/virtualServices.ts';
import { hostOf } from './clientRules.ts';
import type { PathContext } from './context.ts';
import { addressedResource, type Ends, nameOf } from './ends.ts';
import { readerOf } from './istioRoutes.ts';
import { type Unread, verdict } from './judgement.ts';
import { NOT_FOR_AGENTGATEWAY } from './policyTargets.ts';
import type { Router } from './router.ts';
import { speechOf } from './speech.ts';
import type { PolicyVerdict } from './vocabulary.ts';

/** What becomes of the VirtualServices for the host that is addressed. */

/** Those that the proxy reads for this request, by age, and those that they keep out. */
export function decidingFor(context: PathContext, ends: Ends, router: Router | undefined): Deciding | undefined {
  const host = addressedHost(ends, router);
  const speech = speechOf(ends);
  if (!router || !speech || host === undefined || !isOfIstio(router)) return undefined;
  return virtualServicesFor(
    context.world,
    host,
    speech.as,
    readerOf(router, addressedResource(ends.destination), host),
  );
}

function isOfIstio({ reader, isForeign }: Router): boolean {
  return reader === 'sidecar' || (reader === 'waypoint' && !isForeign);
}

/** A sidecar finds the VirtualService of a request by its Host. */
function addressedHost({ destination, http }: Ends, router: Router | undefined): string | undefined {
  return router?.reader === 'sidecar' && http?.host !== undefined ? http.host : hostOf(destination);
}

export interface VirtualServiceReading {
  readonly router: Router | undefined;
  readonly deciding: Deciding | undefined;
  /** Why no proxy reads VirtualServices, where none does. */
  readonly nobody: string;
  /** A route of the Gateway API that the same proxy reads. */
  readonly rival: Located | undefined;
}

export function judgeVirtualServices(
  context: PathContext,
  ends: Ends,
  reading: VirtualServiceReading,
): PolicyVerdict[] {
  const host = addressedHost(ends, reading.router);
  if (host === undefined) return [];
  const { router } = reading;
  return virtualServicesNaming(context.world, host, router?.namespace ?? '').map((located) => {
    const unread = whyUnread(ends, located, reading);
    return unread || !router
      ? verdict(located, unread?.state ?? 'ignored', null, 'none', unread?.reason ?? reading.nobody)
      : verdict(located, 'enforced', router.node, 'as-written', null);
  });
}

function whyUnread(
  ends: Ends,
  located: Located,
  { router, deciding, nobody, rival }: VirtualServiceReading,
): Unread | undefined {
  if (!virtualServiceFacts(located).gateways.some(({ name }) => name === 'mesh'))
    return { state: 'ignored', reason: 'it is for gateways alone: its `gateways` do not have `mesh`' };
  if (router?.isForeign) return { state: 'ignored', reason: NOT_FOR_AGENTGATEWAY };
  if (!router || !isOfIstio(router)) return { state: 'ignored', reason: nobody };
  if (!isVisibleIn(located, router.namespace))
    return { state: 'ignored', reason: `it is not exported to namespace ${router.namespace}` };
  const near = [router.namespace, addressedResource(ends.destination)?.namespace];
  if (router.reader === 'waypoint' && !near.includes(located.namespace))
    return {
      state: 'ignored',
      reason: 'a waypoint reads VirtualServices of its own namespace and of the Service’s alone',
    };
  const section = speechOf(ends)?.as;
  if (section === undefined || items(located.root, 'spec', section).length === 0)
    return { state: 'not-applicable', reason: 'it has no rules for what is sent to the port' };
  if (deciding && !deciding.used.includes(located)) return whyShadowed(deciding, located);
  if (!rival) return undefined;
  const { kind } = rival.resource;
  const reason = `${kind} ${nameOf(rival)} is for the same Service, and which of the two kinds counts is not defined`;
  return { state: 'unknown', reason };
}

function whyShadowed({ used, unused, orderKnown }: Deciding, located: Located): Unread {
  const [first] = used;
  const name = first ? `VirtualService ${nameOf(first)}` : 'another VirtualService';
  if (!unused.includes(located)) return { state: 'shadowed', reason: `${name} names the host more exactly` };
  return {
    state: 'shadowed',
    reason: `${name} is for the same host and ${orderKnown ? 'older' : 'taken for the older one'}`,
  };
}
