import type { Workload } from '../../model/workloads.ts';
import type { PathDraft } from './draft.ts';
import type { EnforcementPoint } from './vocabulary.ts';

/** The workload at the end of a path, and the proxy before it where the request comes through one of Istio's. */
export interface Server {
  readonly workload: Workload;
  readonly point: EnforcementPoint | undefined;
}

export function serverOf(draft: PathDraft, workload: Workload): Server {
  const { namespace, name } = workload;
  const own = [`zt:${namespace}/${name}`, `sc:${namespace}/${name}`];
  return { workload, point: draft.points.find(({ node }) => own.includes(node)) };
}
