import type { Diagnostic as LspDiagnostic } from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import { WORKSPACE_CHECKS } from '../core/checks/registry.ts';
import type { Freshness } from '../core/checks/run.ts';
import { UNUSED_SUPPRESSION } from '../core/checks/suppressions.ts';
import { type Diagnostic, type DocumentDiagnostics, diagnose } from '../core/features/diagnostics.ts';
import type { SourceFile } from '../core/model/file.ts';
import type { Snapshot } from '../core/model/workspace.ts';
import { lspDiagnostic, type OtherFiles } from './convert.ts';
import type { Documents } from './documents.ts';
import type { FeatureContext } from './featureContext.ts';
import { placesOf } from './places.ts';
import { type DocumentFacts, isLeftToOthers } from './redHatYaml.ts';

/** The diagnostics of one document. Equal ids mean equal diagnostics. */
export interface Report {
  readonly id: string;
  readonly items: LspDiagnostic[];
}

export interface Reporter {
  /**
   * What a keystroke waits for: everything about the documents that were edited, and what was last known of the others
   * beside them. The settled report, when it is made already.
   */
  readonly quick: (document: TextDocument) => Report;
  /** Everything as it is now, whatever other resources have to do with it. */
  readonly settled: (document: TextDocument) => Report;
  /** The diagnostics of a file that is not open. The same items as long as nothing changes about them. */
  readonly stored: (path: string) => LspDiagnostic[];
}

/** Checks that look at other files: reported once these have been read, so that nothing is said to be missing too early. */
const WORKSPACE_CODES: ReadonlySet<string> = new Set([
  ...WORKSPACE_CHECKS.map(({ facts }) => facts.code),
  // Whether a suppression silences such a check is known no sooner.
  UNUSED_SUPPRESSION.code,
]);

interface Known extends Report {
  /** What the items were made from, beside the text itself. */
  readonly basis: string;
  readonly settled: boolean;
}

/**
 * Makes reports and remembers the last one of each text. The key is what the text says, never URI and version: editors
 * start again at version 1 when a file is opened again, with whatever it says by then.
 */
export function createReporter({ client, documents, settings }: FeatureContext): Reporter {
  const known = new WeakMap<SourceFile, Known>();
  /** To compare with: an edit makes another file of the same document. */
  const latest = new WeakMap<TextDocument, Report>();
  const itemOf = createItems();
  const numberOf = createNumbering();
  // Ids of an earlier server must not seem to be ours after a restart.
  const origin = Date.now().toString(36);
  let count = 0;

  const diagnosed = (document: DocumentFacts, file: SourceFile, freshness: Freshness): DocumentDiagnostics[] => {
    if (settings.excludes(document)) return [];
    const share = settings.share(document);
    const hidden = (code: string) => isLeftToOthers(code, share) || (!documents.complete && WORKSPACE_CODES.has(code));
    return diagnose(documents.snapshot(), file, settings.core(document), freshness).flatMap((of) => {
      const diagnostics = of.diagnostics.filter(({ code }) => !hidden(code));
      return diagnostics.length > 0 ? [{ ...of, diagnostics }] : [];
    });
  };
  const itemsOf = (document: TextDocument, found: readonly DocumentDiagnostics[]): LspDiagnostic[] => {
    const others = client.relatedInformation ? otherFiles(documents, documents.snapshot()) : undefined;
    return found.flatMap(({ start, diagnostics }) =>
      diagnostics.map((diagnostic) => itemOf(document, start, diagnostic, others)),
    );
  };
  const report = (document: TextDocument, freshness: Freshness): Report => {
    const snapshot = documents.snapshot();
    const file = documents.file(document);
    const { syntax, structure } = settings.share(document);
    const basis = [numberOf(snapshot), numberOf(settings.core(document)), syntax, structure, documents.complete].join();
    const last = known.get(file);
    if (last?.basis === basis && (last.settled || freshness === 'last-known')) return last;
    const items = itemsOf(document, diagnosed(document, file, documents.complete ? freshness : 'alone'));
    const before = latest.get(document);
    // Most changes elsewhere change nothing here, and the client need not draw anything again.
    const same = before?.items.length === items.length && items.every((item, index) => item === before.items[index]);
    const id = before && same ? before.id : `${origin}-${++count}`;
    const made = { id, items, basis, settled: freshness === 'now' };
    known.set(file, made);
    latest.set(document, made);
    return made;
  };
  return {
    quick: (document) => report(document, 'last-known'),
    settled: (document) => report(document, 'now'),
    stored: (path) => {
      const file = documents.snapshot().file(path);
      // Other extensions, to which some is left, say nothing about files that are not open.
      const found = file ? diagnosed({ uri: documents.uriOf(path), languageId: '' }, file, 'now') : [];
      const document = found.length > 0 ? documents.at(path) : undefined;
      return document ? itemsOf(document, found) : [];
    },
  };
}

/** Files are looked up once for a report, however many places are in them. */
function otherFiles(documents: Documents, snapshot: Snapshot): NonNullable<OtherFiles> {
  const { document: fileAt } = placesOf(documents);
  return (place) => {
    const document = fileAt(place.path);
    const start = snapshot.startOf(place);
    return document && start !== undefined ? { document, start } : undefined;
  };
}

interface MadeItem {
  /** The lines on which its document and those of its related places begin. */
  readonly lines: readonly (number | undefined)[];
  readonly item: LspDiagnostic;
}

/** Items for the client: the same object as long as the diagnostic is the same and nothing that it names has moved. */
function createItems(): typeof lspDiagnostic {
  const made = new WeakMap<Diagnostic, MadeItem>();
  return (document, start, diagnostic, others) => {
    const lines = [document.positionAt(start).line, ...(others ? linesOf(diagnostic, others) : [])];
    const last = made.get(diagnostic);
    if (last?.lines.length === lines.length && lines.every((line, index) => line === last.lines[index]))
      return last.item;
    const item = lspDiagnostic(document, start, diagnostic, others);
    made.set(diagnostic, { lines, item });
    return item;
  };
}

/** Spans count from their document, which begins with a line: as long as that stays, so do they. */
function linesOf({ related }: Diagnostic, others: NonNullable<OtherFiles>): (number | undefined)[] {
  return related.map(({ elsewhere }) => {
    const other = elsewhere && others(elsewhere);
    return other?.document.positionAt(other.start).line;
  });
}

/** Numbers for objects, by identity. Remembering the objects themselves would keep old snapshots in memory. */
function createNumbering(): (object: object) => number {
  const numbers = new WeakMap<object, number>();
  let last = 0;
  return (object) => {
    const number = numbers.get(object) ?? ++last;
    numbers.set(object, number);
    return number;
  };
}
