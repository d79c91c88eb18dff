import { labelsOf, matchesLabels } from '../model/labels.ts';
import type { Located } from '../model/located.ts';
import type { Workload } from '../model/workloads.ts';
import type { World } from '../model/world.ts';
import { text } from '../yaml/access.ts';
import { selectorOf } from './selection.ts';

export type MtlsMode = 'STRICT' | 'PERMISSIVE' | 'DISABLE';

const KIND = 'security.istio.io/PeerAuthentication';
const MODES = new Set<string>(['STRICT', 'PERMISSIVE', 'DISABLE']);

/** What a workload asks of its callers: from the PeerAuthentication for it, its namespace or the mesh, in this order. */
export function mtlsModeOf(world: World, rootNamespace: string, workload: Workload): MtlsMode {
  const own = world.inNamespace(KIND, workload.namespace);
  const selecting = own.filter((policy) => {
    const selector = selectorOf(policy);
    return selector !== undefined && matchesLabels(labelsOf(selector), workload.labels);
  });
  const forAll = (policies: readonly Located[]) => policies.filter((policy) => selectorOf(policy) === undefined);
  const candidates = [...selecting, ...forAll(own), ...forAll(world.inNamespace(KIND, rootNamespace))];
  return candidates.flatMap((policy) => modeOf(policy) ?? [])[0] ?? 'PERMISSIVE';
}

/** The mode that a PeerAuthentication sets; `UNSET` and nothing at all leave it to the next one. */
function modeOf(policy: Located): MtlsMode | undefined {
  const mode = text(policy.root, 'spec', 'mtls', 'mode');
  return mode !== undefined && isMode(mode) ? mode : undefined;
}

function isMode(mode: string): mode is MtlsMode {
  return MODES.has(mode);
}
