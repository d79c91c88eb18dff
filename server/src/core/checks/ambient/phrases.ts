import type { L7Use } from '../../mesh/ztunnelPolicy.ts';
import type { Workload } from '../../model/workloads.ts';

/** Parts of the messages about ambient mode that several checks need. */

/** `methods`, `paths` and `when request.headers[x]`. */
export function fieldList(uses: readonly L7Use[]): string {
  return listed([...new Set(uses.map(({ field }) => `\`${field}\``))]);
}

/** The workloads by kind and name, at most three. */
export function workloadList(workloads: readonly Workload[], otherwise: string): string {
  if (workloads.length === 0) return otherwise;
  const names = workloads.slice(0, 3).map(({ located, name }) => `${located.resource.kind} \`${name}\``);
  const more = workloads.length - names.length;
  return listed(more > 0 ? [...names, `${more} more`] : names);
}

export function listed(parts: readonly string[]): string {
  return parts.length < 2 ? (parts[0] ?? '') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`;
}
