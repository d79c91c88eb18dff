import type { PathContext } from './core/mesh/paths/context.ts';
import { hopPath } from './core/mesh/paths/hopPath.ts';
import type { HopPath, PathRequest } from './core/mesh/paths/vocabulary.ts';
import type { Located, Site } from './core/model/located.ts';
import { anchorOf, at } from './core/yaml/access.ts';
import type { Span } from './core/yaml/span.ts';
import type { LineIndex } from './lineIndex.ts';
import type { PathCase, PathPlace } from './protocol/path.ts';

// What `path` and `access` answer, the same from the library, the command line and the language server.

/** How the answer names files, and where their lines begin; both by the path that the workspace knows. */
export interface FileNames {
  linesOf(path: string): LineIndex;
  startOf(located: Located): number;
  shown(path: string): string;
}

export function pathCase(context: PathContext, request: PathRequest, files: FileNames): PathCase {
  return caseOf(hopPath(context, request), files);
}

export function caseOf(path: HopPath, files: FileNames): PathCase {
  const places = (sites: readonly Site[]) => sites.map((site) => placeOf(site, files));
  return {
    request: path.request as PathCase['request'],
    nodes: path.nodes.map(({ id, kind, because }) => ({ id, kind, because: places(because) })),
    legs: path.legs.map(({ because, ...leg }) => ({ ...leg, because: places(because) })),
    points: path.points.map((point) => ({ ...point })),
    policies: path.policies.map(({ policy, because, ...verdict }) => ({
      ...verdict,
      place: placeOf(nameSite(policy), files),
      because: places(because),
    })),
    routes: path.routes.map(({ node, ref, rule, site, destinations, mirrors }) => ({
      node,
      ref,
      rule: rule ?? null,
      place: site ? placeOf(site, files) : null,
      destinations: destinations.map((destination) => ({ ...destination })),
      ...(mirrors ? { mirrors: [...mirrors] } : {}),
    })),
    outcome: { ...path.outcome },
    assume: [...path.assume],
    ...(path.note === undefined ? {} : { note: path.note }),
  };
}

/** A resource is shown at its name. */
function nameSite(located: Located): Site {
  return { located, node: at(located.root, 'metadata', 'name') ?? located.root };
}

export function placeOf({ located, node }: Site, files: FileNames): PathPlace {
  const { path } = located;
  return { file: files.shown(path), range: rangeOf(anchorOf(node), files.startOf(located), files.linesOf(path)) };
}

function rangeOf(span: Span, start: number, lines: LineIndex): PathPlace['range'] {
  return { start: lines.positionAt(start + span.start), end: lines.positionAt(start + span.end) };
}
