import type { Hypothesis } from '../../../server/src/core/mesh/paths/context.ts';
import { hopPath } from '../../../server/src/core/mesh/paths/hopPath.ts';
import type { HopPath, PathRequest } from '../../../server/src/core/mesh/paths/vocabulary.ts';
import { type CoreSettings, DEFAULT_SETTINGS } from '../../../server/src/core/settings.ts';
import { worldOf } from '../worldOf.ts';

export interface Asked {
  readonly settings?: Partial<CoreSettings>;
  readonly as?: Hypothesis;
}

/** The path of a request through the mesh that the documents describe. */
export function pathOf(documents: readonly string[], request: PathRequest, { settings, as }: Asked = {}): HopPath {
  const world = worldOf(...documents);
  return hopPath({ world, settings: { ...DEFAULT_SETTINGS, ...settings }, hypothesis: as }, request);
}

/** The legs in one line each: `app:shop/web -capture:4140-> lo:shop/web`, and whom the receiver sees. */
export function legsOf({ legs }: HopPath): string[] {
  return legs.map(({ from, to, kind, port, peerIdentitySeen }) => {
    const seen = peerIdentitySeen === null ? '' : ` as ${peerIdentitySeen}`;
    return `${from} -${kind}:${port}-> ${to}${seen}`;
  });
}

/** The verdicts in one line each: `Server/shop/api enforced at li:shop/api (as-written)`. */
export function verdictsOf({ policies }: HopPath): string[] {
  return policies.map(
    ({ ref, verdict, at, effect }) => `${ref} ${verdict}${at === null ? '' : ` at ${at}`} (${effect})`,
  );
}

export const GET_ROOT = { method: 'GET', path: '/' };
