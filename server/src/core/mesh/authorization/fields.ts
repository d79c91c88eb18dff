/**
 * Who reads a rule. Each drops what it cannot read, and what is left decides: rules Z1 to Z6 for ztunnel, and for Envoy
 * on a port that is not HTTP.
 * Source: istio 1.30, pilot/pkg/serviceregistry/ambient/authorization.go, pilot/pkg/security/authz/model/model.go.
 */
export type Reader = 'ztunnel' | 'envoy-http' | 'envoy-tcp';

/** Fields that are in HTTP requests alone. */
const HTTP_FIELDS: ReadonlySet<string> = new Set(['hosts', 'methods', 'paths', 'requestPrincipals']);
/** Envoy knows the address behind a trusted proxy without HTTP too; ztunnel does not. */
const BEYOND_ZTUNNEL: ReadonlySet<string> = new Set([...HTTP_FIELDS, 'remoteIpBlocks']);
const ZTUNNEL_CONDITIONS: ReadonlySet<string> = new Set([
  'source.ip',
  'source.namespace',
  'source.principal',
  'destination.ip',
  'destination.port',
]);

/** Whether a proxy understands a field of a rule (`paths`, `notPaths`) or a condition (`when request.headers[x]`). */
export function isReadable(field: string, reader: Reader): boolean {
  if (reader === 'envoy-http') return true;
  if (field.startsWith('when ')) {
    const key = field.slice('when '.length);
    return reader === 'ztunnel' ? ZTUNNEL_CONDITIONS.has(key) : !key.startsWith('request.');
  }
  const name = positiveOf(field);
  return reader === 'ztunnel' ? !BEYOND_ZTUNNEL.has(name) && !isLostAtZtunnel(name) : !HTTP_FIELDS.has(name);
}

/** Whether ztunnel is never told of a field, although it needs no HTTP. */
export function isLostAtZtunnel(field: string): boolean {
  return positiveOf(field) === 'trustDomains';
}

/** `paths` of `notPaths`. */
function positiveOf(field: string): string {
  return /^not[A-Z]/.test(field) ? field.charAt(3).toLowerCase() + field.slice(4) : field;
}
