import type { Located } from '../../model/located.ts';
import type { Workload } from '../../model/workloads.ts';
import { type PathContext, type PathPlane, planeOf } from './context.ts';
import type { PathDraft } from './draft.ts';
import { nameOf } from './ends.ts';
import { verdict } from './judgement.ts';
import type { Effect, EnforcementPoint, PolicyVerdict } from './vocabulary.ts';

/** The workload at the end of a path, and the proxy before it where the request comes through one of Istio's. */
export interface Server {
  readonly workload: Workload;
  readonly point: EnforcementPoint | undefined;
  /** False where the request ends on the way. */
  readonly reached: boolean;
}

export function serverOf(draft: PathDraft, workload: Workload): Server {
  const { namespace, name } = workload;
  const own = [`zt:${namespace}/${name}`, `sc:${namespace}/${name}`];
  const point = draft.points.find(({ node }) => own.includes(node));
  return { workload, point, reached: draft.nodes.some(({ id }) => id === `app:${namespace}/${name}`) };
}

/** How the ids of Istio's proxies beside a workload begin. */
const PROXIES: ReadonlyMap<PathPlane, string> = new Map([
  ['ambient', 'zt'],
  ['sidecar', 'sc'],
]);

/** What becomes of a policy for the workload that no proxy in front of it evaluates. */
export function verdictWithoutPoint(
  context: PathContext,
  { workload, reached }: Server,
  policy: Located,
  effect: Effect,
): PolicyVerdict {
  const where = nameOf(workload);
  if (!reached) return verdict(policy, 'not-applicable', null, 'none', `the request does not come as far as ${where}`);
  const prefix = PROXIES.get(planeOf(context, workload));
  return prefix
    ? verdict(policy, 'bypassed', `${prefix}:${where}`, effect, 'what comes in goes past the proxy')
    : verdict(policy, 'not-attached', null, effect, `no proxy in front of ${where}`);
}
