import type { Location } from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import type { FilePlace } from '../core/model/references/atOffset.ts';
import { rangeOf } from './convert.ts';
import type { Documents } from './documents.ts';

/** Places of the core as locations; the lines of each file are counted once. */
export interface Places {
  document(path: string): TextDocument | undefined;
  location(place: FilePlace): Location[];
}

export function placesOf(documents: Documents): Places {
  const known = new Map<string, TextDocument | undefined>();
  const document = (path: string) => {
    if (!known.has(path)) known.set(path, documents.at(path));
    return known.get(path);
  };
  return {
    document,
    location: ({ path, span }) => {
      const found = document(path);
      return found ? [{ uri: found.uri, range: rangeOf(found, span) }] : [];
    },
  };
}
