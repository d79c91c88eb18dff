import type { HopPath } from '../../../server/src/core/mesh/paths/vocabulary.ts';
import { namespace, pod, service } from '../worldOf.ts';
import { type Asked, pathOf } from './pathOf.ts';

/** Gateways in front of a shop, and what comes in by them from outside. */

export const SHOP = [
  namespace('edge'),
  namespace('shop', { 'istio-injection': 'enabled' }),
  namespace('plain'),
  ...['api', 'v2'].flatMap((name) => [pod('shop', name), service('shop', name)]),
  pod('plain', 'old'),
  service('plain', 'old'),
];

export const INGRESS = [
  pod('edge', 'ingress', { labels: { istio: 'ingress' }, annotations: { 'inject.istio.io/templates': 'gateway' } }),
];

export function istioGateway(servers: string, name = 'public'): string {
  return `
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: ${name}, namespace: edge}
spec: {selector: {istio: ingress}, servers: [${servers}]}`;
}

export function server(port: number, protocol: string, hosts: string, tls = ''): string {
  return `{port: {number: ${port}, name: p${port}, protocol: ${protocol}}, hosts: [${hosts}]${tls === '' ? '' : `, tls: {${tls}}`}}`;
}

export function virtualService(spec: string, { name = 'web', inNamespace = 'shop' } = {}): string {
  return `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: ${name}, namespace: ${inNamespace}}
spec: {${spec}}`;
}

export function gateway(listeners: string, rest = ''): string {
  return `
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: web, namespace: edge}
spec: {gatewayClassName: istio, listeners: [${listeners}]${rest}}`;
}

export function listener(name: string, port: number, protocol: string, rest = ''): string {
  return `{name: ${name}, port: ${port}, protocol: ${protocol}, allowedRoutes: {namespaces: {from: All}}${rest}}`;
}

export function route(kind: string, spec: string, parent = 'namespace: edge, name: web'): string {
  return `
apiVersion: gateway.networking.k8s.io/v1
kind: ${kind}
metadata: {name: web, namespace: shop}
spec: {parentRefs: [{${parent}}], ${spec}}`;
}

export interface Question extends Asked {
  readonly port?: number;
  readonly host?: string;
  readonly path?: string;
  readonly raw?: boolean;
}

export function cameIn(documents: readonly string[], question: Question = {}): HopPath {
  const { port = 80, host = 'shop.example.com', path = '/', raw, ...asked } = question;
  const http = raw ? {} : { http: { method: 'GET', path } };
  return pathOf([...SHOP, ...documents], { from: 'outside', to: { host, port }, ...http }, asked);
}

/** Where a request from outside arrives, or what refuses it. */
export function result(documents: readonly string[], question?: Question): string {
  const { outcome, nodes } = cameIn(documents, question);
  if (outcome.result === 'allow') return nodes.at(-1)?.id ?? '';
  return [outcome.result, outcome.by, outcome.at, outcome.signal].filter(Boolean).join(' ');
}

export const TO_API = 'route: [{destination: {host: api}}]';
export const SIMPLE = 'mode: SIMPLE, credentialName: cert';
export const PASSTHROUGH = 'mode: PASSTHROUGH';
