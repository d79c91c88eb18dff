import { type Enforcement, enforcementOf, isEnforceable } from '../../mesh/passing/enforcement.ts';
import type { PathContext } from '../../mesh/paths/context.ts';
import { workloadAt } from '../../mesh/paths/ends.ts';
import type { NodeId } from '../../mesh/paths/vocabulary.ts';
import type { SourceFile } from '../../model/file.ts';
import type { Located } from '../../model/located.ts';
import { type FilePlace, placeOf } from '../../model/references/atOffset.ts';
import { GATEWAY_API } from '../../model/routes.ts';
import type { Snapshot } from '../../model/workspace.ts';
import type { World } from '../../model/world.ts';
import type { CoreSettings } from '../../settings.ts';
import { anchorOf, asScalar, at } from '../../yaml/access.ts';
import type { Span } from '../../yaml/span.ts';
import { enforcementMarkdown } from './hover.ts';
import { listed, placesOf, shortened, verdictWords } from './words.ts';

export interface EnforcementHint {
  /** After the policy's name, in offsets of the file. */
  readonly offset: number;
  readonly label: string;
  /** Markdown. */
  readonly tooltip: string;
  /** Where the proxy that enforces it is written, if it is one. */
  readonly place: FilePlace | undefined;
}

/** Where each policy in a part of a file is enforced, in a few words. */
export function enforcementHints(
  snapshot: Snapshot,
  file: SourceFile,
  within: Span,
  settings: CoreSettings,
): EnforcementHint[] {
  const context: PathContext = { world: snapshot.world, settings, hypothesis: undefined };
  return snapshot.located(file).flatMap((policy): EnforcementHint[] => {
    const start = snapshot.startOf(policy);
    const name = asScalar(at(policy.root, 'metadata', 'name'));
    if (start === undefined || !name || !isEnforceable(policy)) return [];
    const offset = start + name.end;
    if (offset < within.start || offset > within.end) return [];
    const enforcement = enforcementOf(context, policy);
    return [
      {
        offset,
        label: labelOf(enforcement),
        tooltip: enforcementMarkdown(policy, enforcement, settings),
        place: onlyPlace(snapshot, enforcement),
      },
    ];
  });
}

function acting({ findings }: Enforcement) {
  return findings.filter(({ verdict }) => verdict.verdict === 'enforced' || verdict.verdict === 'degraded');
}

const MOST_PLACES = 2;

/** `enforced at waypoint shop/waypoint`, `ztunnel: refuses everything`, `no effect`. */
export function labelOf(enforcement: Enforcement): string {
  const [first] = enforcement.findings;
  if (!first) return enforcement.answers.length > 0 ? 'enforcement not known' : 'attached to nothing here';
  const effective = acting(enforcement);
  const places = [...new Set(effective.flatMap(placesOf))];
  if (places.length === 0) {
    const { verdict } = first.verdict;
    return verdict === 'bypassed' ? `${placesOf(first).join()}: bypassed` : verdictWords(first);
  }
  const degraded = effective.filter(({ verdict }) => verdict.verdict === 'degraded');
  if (degraded.length === 0) return `enforced at ${shortened(places, MOST_PLACES)}`;
  const words = [...new Set(degraded.map(verdictWords))];
  return `${shortened(places, MOST_PLACES)}: ${listed(words)}${degraded.length < effective.length ? ' in part' : ''}`;
}

function onlyPlace(snapshot: Snapshot, enforcement: Enforcement): FilePlace | undefined {
  const [node, ...others] = new Set(acting(enforcement).flatMap(({ places }) => places));
  const located = node !== undefined && others.length === 0 ? ownerOf(snapshot.world, node) : undefined;
  return located && placeOf(snapshot, located, anchorOf(at(located.root, 'metadata', 'name') ?? located.root));
}

/** The Gateway that makes a proxy, or the workload beside which it runs. */
function ownerOf(world: World, node: NodeId): Located | undefined {
  const [kind = '', name = ''] = node.split(':');
  const [namespace = '', own = ''] = name.split('/');
  const gateway = kind === 'wp' || kind === 'gw' ? world.find(`${GATEWAY_API}/Gateway`, namespace, own) : undefined;
  return gateway ?? workloadAt(world, `app:${name}`)?.located;
}
