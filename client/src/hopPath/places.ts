import { Range, Uri, ViewColumn, window } from 'vscode';
import type { PathCase, PathPlace } from '../../../server/src/protocol/path.ts';

/** All places that an answer names. */
export function placesOf({ nodes, legs, policies, routes }: PathCase): PathPlace[] {
  return [
    ...[...nodes, ...legs].flatMap(({ because }) => because),
    ...policies.flatMap(({ place, because }) => [place, ...because]),
    ...routes.flatMap(({ place }) => (place ? [place] : [])),
  ];
}

/** Shows a place in an editor if it is one of the known ones. */
export async function reveal(known: readonly PathPlace[], wanted: PathPlace): Promise<void> {
  const place = known.find((candidate) => samePlace(candidate, wanted));
  if (!place) return;
  const { start, end } = place.range;
  const selection = new Range(start.line, start.character, end.line, end.character);
  const uri = Uri.parse(place.file, true);
  const open = window.visibleTextEditors.find(({ document }) => document.uri.toString() === uri.toString());
  const viewColumn = open?.viewColumn ?? window.visibleTextEditors[0]?.viewColumn ?? ViewColumn.One;
  await window.showTextDocument(uri, { selection, viewColumn });
}

function samePlace(one: PathPlace, other: PathPlace): boolean {
  return (
    one.file === other.file &&
    one.range.start.line === other.range.start.line &&
    one.range.start.character === other.range.start.character
  );
}
