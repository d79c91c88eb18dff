import type { PathRequest } from '../../../server/src/core/mesh/paths/vocabulary.ts';
import { namespace, pod, service } from '../worldOf.ts';
import { type Asked, GET_ROOT, legsOf, pathOf } from './pathOf.ts';

/** A client in namespace `web` and a server in `shop`, and what is between them. */

export const AMBIENT = { 'istio.io/dataplane-mode': 'ambient' };
export const SIDECARS = { 'istio-injection': 'enabled' };
export const BOUND = { ...AMBIENT, 'istio.io/use-waypoint': 'wp' };
export const TO_SERVICE: PathRequest = { from: 'web/web', to: { service: 'shop/api', port: 80 }, http: GET_ROOT };
export const TO_POD: PathRequest = { from: 'web/web', to: { pod: 'shop/api', port: 80 }, http: GET_ROOT };
export const WEB_ID = 'spiffe://cluster.local/ns/web/sa/default';
export const WP_ID = 'spiffe://cluster.local/ns/shop/sa/wp';
export const API = [pod('shop', 'api'), service('shop', 'api')];
export const DIRECT = `zt:web/web -hbone:15008-> zt:shop/api as ${WEB_ID}`;
export const VIA_WAYPOINT = [
  `zt:web/web -hbone:15008-> wp:shop/wp as ${WEB_ID}`,
  `wp:shop/wp -hbone:15008-> zt:shop/api as ${WP_ID}`,
];

export function mesh(client: Record<string, string>, server: Record<string, string>, ...more: string[]): string[] {
  return [namespace('web', client), pod('web', 'web'), namespace('shop', server), ...more];
}

/** The legs between pods; those inside of them are the same in every case. */
export function between(documents: readonly string[], request: PathRequest, asked?: Asked): string[] {
  return legsOf(pathOf(documents, request, asked)).filter((leg) => !/-(capture|deliver):/.test(leg));
}
