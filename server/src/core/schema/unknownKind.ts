import { anchorOf, at } from '../yaml/access.ts';
import { replaceScalar } from '../yaml/edits.ts';
import type { MapNode } from '../yaml/tree.ts';
import { currentApiVersion, KINDS } from './catalog.ts';
import { UNKNOWN_KIND } from './checks.ts';
import type { Fix, Problem } from './rule.ts';
import { nearestName } from './unknownField.ts';
import { brief } from './walk.ts';

/** A kind that its group does not have: the kind that was meant, or the group that has it. */
export function unknownKindProblem(root: MapNode, group: string, kind: string): Problem | undefined {
  const kindNode = at(root, 'kind');
  const versionNode = at(root, 'apiVersion');
  if (kindNode?.kind !== 'scalar' || versionNode?.kind !== 'scalar') return undefined;
  const elsewhere = KINDS.filter((definition) => definition.kind === kind && definition.project !== 'kubernetes');
  const near = nearestName(
    kind,
    KINDS.filter((definition) => definition.group === group).map((definition) => definition.kind),
  );
  const fixes: Fix[] = elsewhere.map((definition) => {
    const apiVersion = currentApiVersion(definition);
    return { title: `Use ${apiVersion}`, safe: false, edits: [replaceScalar(versionNode, apiVersion)] };
  });
  if (near !== undefined)
    fixes.push({ title: `Change to ${near}`, safe: false, edits: [replaceScalar(kindNode, near)] });
  const hint =
    elsewhere.length > 0
      ? ` ${kind} belongs to ${elsewhere.map((definition) => `\`${definition.group}\``).join(' or ')}.`
      : near === undefined
        ? ''
        : ` Did you mean \`${near}\`?`;
  const { start, end } = anchorOf(kindNode);
  const message = `The group \`${group}\` has no kind \`${brief(kind)}\`.${hint}`;
  const { code, severity, peers = [] } = UNKNOWN_KIND;
  return { code, severity, message, span: { start, end }, peers, fixes, related: [] };
}
