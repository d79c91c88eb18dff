import { labelsOf, matchesLabels } from '../model/labels.ts';
import type { Located } from '../model/located.ts';
import type { Workload } from '../model/workloads.ts';
import type { World } from '../model/world.ts';
import { entriesOf, text } from '../yaml/access.ts';
import { selectorOf } from './selection.ts';

/** What a Sidecar resource makes of a client: which hosts it knows, and what becomes of calls to others. */

const SIDECAR = 'networking.istio.io/Sidecar';

/** The Sidecar that holds for a workload: one that selects it, else that of its namespace, else that of the mesh. */
export function sidecarFor(world: World, rootNamespace: string, { namespace, labels }: Workload): Located | undefined {
  const own = world.inNamespace(SIDECAR, namespace);
  const selecting = own.find((sidecar) => {
    const wanted = labelsOf(selectorOf(sidecar));
    const known = wanted.size === entriesOf(selectorOf(sidecar)).length;
    return wanted.size > 0 && known && matchesLabels(wanted, labels);
  });
  return selecting ?? [...own, ...world.inNamespace(SIDECAR, rootNamespace)].find(isForAll);
}

function isForAll(sidecar: Located): boolean {
  return entriesOf(selectorOf(sidecar)).length === 0;
}

/** The mode for hosts that the client does not know, where its Sidecar states one. */
export function outboundMode(sidecar: Located | undefined): string | undefined {
  return text(sidecar?.root, 'spec', 'outboundTrafficPolicy', 'mode');
}
