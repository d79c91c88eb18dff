import type { PathCase, PathPlace } from '../../../server/src/protocol/path.ts';

/** The place of an answer that is wanted; undefined where the answer names no such place. */
export function knownPlace(answer: PathCase, wanted: PathPlace): PathPlace | undefined {
  return placesOf(answer).find((candidate) => samePlace(candidate, wanted));
}

/** All places that an answer names. */
function placesOf({ nodes, legs, policies, routes }: PathCase): PathPlace[] {
  return [
    ...[...nodes, ...legs].flatMap(({ because }) => because),
    ...policies.flatMap(({ place, because }) => [place, ...because]),
    ...routes.flatMap(({ place }) => (place ? [place] : [])),
  ];
}

function samePlace(one: PathPlace, other: PathPlace): boolean {
  return (
    one.file === other.file &&
    one.range.start.line === other.range.start.line &&
    one.range.start.character === other.range.start.character
  );
}
