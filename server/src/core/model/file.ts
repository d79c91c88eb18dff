import type { DocumentText } from '../schema/rule.ts';
import { type ParsedDocument, parseDocument } from '../yaml/parse.ts';
import { splitDocuments } from '../yaml/split.ts';
import { type Resource, resourcesOf } from './resource.ts';

/** One YAML document with what was read from it. Immutable, and independent of where in the file it stands. */
export interface SourceDocument {
  readonly text: string;
  readonly parsed: ParsedDocument;
  readonly resources: readonly Resource[];
}

/** A document at its place in a file; `start` is the offset of the document's text in the file's text. */
export interface PlacedDocument {
  readonly start: number;
  readonly document: SourceDocument;
}

export interface SourceFile {
  /** The path or URI by which the host knows the file; `/` separates its parts. */
  readonly path: string;
  readonly text: string;
  readonly documents: readonly PlacedDocument[];
  /** Set when the file was too large to be read; it then has no documents. */
  readonly refused?: 'too-large' | 'too-many-documents';
}

const starts = new WeakMap<SourceFile, ReadonlyMap<DocumentText, number>>();

/** Where a document begins in a file; undefined when it is not in it any more. */
export function startOf(file: SourceFile, document: DocumentText): number | undefined {
  let known = starts.get(file);
  if (!known) {
    known = new Map(file.documents.map((placed) => [placed.document, placed.start]));
    starts.set(file, known);
  }
  return known.get(document);
}

/** A file of more UTF-16 units than this is not analyzed. */
export const MAX_FILE_LENGTH = 8 * 1024 * 1024;
/** No repository has more documents in a file; generated garbage has. */
export const MAX_DOCUMENTS = 60_000;

/**
 * Reads a file. Documents whose text is as in `previous` are taken over as they are, so that an edit costs one document.
 */
export function readFile(path: string, text: string, previous?: SourceFile): SourceFile {
  if (text.length > MAX_FILE_LENGTH) return { path, text, documents: [], refused: 'too-large' };
  const spans = splitDocuments(text);
  if (spans.length > MAX_DOCUMENTS) return { path, text, documents: [], refused: 'too-many-documents' };
  const old = previous?.documents ?? [];
  const texts = spans.map((span) => text.slice(span.start, span.end));
  const head = commonHead(texts, old);
  const tail = commonTail(texts, old, head);
  const documents = spans.map((span, index): PlacedDocument => {
    const known =
      index < head ? old[index] : index >= texts.length - tail ? old[old.length - (texts.length - index)] : undefined;
    return { start: span.start, document: known?.document ?? readDocument(texts[index] ?? '') };
  });
  return { path, text, documents };
}

function commonHead(texts: readonly string[], old: readonly PlacedDocument[]): number {
  let count = 0;
  while (count < texts.length && count < old.length && texts[count] === old[count]?.document.text) count++;
  return count;
}

function commonTail(texts: readonly string[], old: readonly PlacedDocument[], head: number): number {
  const limit = Math.min(texts.length, old.length) - head;
  let count = 0;
  while (count < limit && texts[texts.length - 1 - count] === old[old.length - 1 - count]?.document.text) count++;
  return count;
}

/** Documents that cannot hold a Kubernetes resource are not parsed at all: other people's YAML costs nothing. */
const MAY_BE_RESOURCE = /(?:^|[\n{,"'\s])apiVersion/;

export function readDocument(text: string): SourceDocument {
  return new LazyDocument(text);
}

/** Parses when someone asks: completion finds its place without, and a document that is edited on is never parsed. */
class LazyDocument implements SourceDocument {
  readonly text: string;
  #parsed: ParsedDocument | undefined;
  #resources: readonly Resource[] | undefined;

  constructor(text: string) {
    this.text = text;
  }

  get parsed(): ParsedDocument {
    this.#parsed ??= MAY_BE_RESOURCE.test(this.text) ? parseDocument(this.text) : unread(this.text);
    return this.#parsed;
  }

  get resources(): readonly Resource[] {
    this.#resources ??= resourcesOf(this.parsed);
    return this.#resources;
  }
}

function unread(text: string): ParsedDocument {
  return { text, root: null, problems: [], actions: [] };
}
