import type { Position, TextDocumentContentChangeEvent } from 'vscode-languageserver/node';
import { type LanguageServer, startLanguageServer, type Timed } from '../languageServer.ts';
import { type Bench, inTurns, PEAK_MEMORY, type Scenario } from '../measurements.ts';
import { everyKind, type MeshText, manyDocuments, oneDocument } from '../meshText.ts';
import { errorsOf } from '../places.ts';
import type { ServerSetup } from '../servers.ts';

// Somebody types `timeout: 5s` in the middle of a file and erases it again, one character at a time. After each character
// completion (or, on large files, sometimes hover) is asked for, as an editor does, and the diagnostics are awaited.

const TYPED = 'timeout: 5s';
/** Typed so far, the line is a key without a value: no YAML mapping, which every server has to say. */
const HALF_TYPED = 'timeout';

interface TypingOptions {
  readonly text: MeshText;
  readonly edits: number;
  readonly warmUp: number;
  /** Edits of one server before it is the next one's turn. */
  readonly block: number;
  readonly hovers: boolean;
}

export const typing: Scenario = {
  name: 'S5',
  title: 'Type in a file of 1,000 lines',
  run: (bench) =>
    type(bench, {
      text: manyDocuments(1000, 21),
      edits: bench.times(176, 44),
      warmUp: bench.times(22, 11),
      block: 22,
      hovers: false,
    }),
};

export const typingInManyDocuments: Scenario = {
  name: 'S6',
  title: 'Type in a file of 20,000 lines, in many documents',
  run: (bench) => type(bench, largeFile(bench, manyDocuments(20_000, 31))),
};

export const typingInOneDocument: Scenario = {
  name: 'S6b',
  title: 'Type in one document of 18,000 lines',
  run: (bench) => type(bench, largeFile(bench, oneDocument(18_000, 41))),
};

function largeFile(bench: Bench, text: MeshText): TypingOptions {
  return { text, edits: bench.times(33, 11), warmUp: bench.times(11, 3), block: 5, hovers: true };
}

async function type(bench: Bench, options: TypingOptions): Promise<void> {
  const { text, line } = blankLine(options.text.text);
  const typists: Typist[] = [];
  for (const setup of bench.setups) typists.push(await openFiles(bench, setup, text));
  const total = options.edits + options.warmUp;
  await inTurns(typists, Math.ceil(total / options.block), async (typist) => {
    for (let left = options.block; left > 0 && typist.done < total; left--) {
      await typeOne(bench, options, typist, line);
    }
  });
  for (const { setup, server, timeBefore } of typists) {
    bench.record('processor time for an edit', setup, (server.processorTime() - timeBefore) / options.edits);
    bench.record(PEAK_MEMORY, setup, server.peakMemory());
    await server.stop();
  }
}

interface Typist {
  readonly setup: ServerSetup;
  readonly server: LanguageServer;
  /** Errors that the server finds in the text before anything is typed. */
  readonly errorsBefore: number;
  timeBefore: number;
  done: number;
}

const FILE = 'typed.yaml';

/** Opens first a file with one document of each kind, so that loading schemas is not taken for reading a large text. */
async function openFiles(bench: Bench, setup: ServerSetup, text: string): Promise<Typist> {
  const server = await startLanguageServer(setup, bench.workspace);
  await server.open('every-kind.yaml', everyKind().text);
  await server.settle();
  for (let copy = 0; copy < bench.times(5, 2); copy++) {
    const { ms } = await server.open(`copy-${copy}.yaml`, text);
    bench.record('open → diagnostics', setup, ms);
    await server.settle();
    await server.close(`copy-${copy}.yaml`);
  }
  const opened = await server.open(FILE, text);
  await server.settle();
  return { setup, server, errorsBefore: errorsOf(opened.value).length, timeBefore: 0, done: 0 };
}

async function typeOne(bench: Bench, options: TypingOptions, typist: Typist, line: number): Promise<void> {
  const { setup, server } = typist;
  const edit = editAt(typist.done, line);
  const asksHover = options.hovers && typist.done % 4 === 3;
  const isMeasured = typist.done++ >= options.warmUp;
  if (typist.done === options.warmUp + 1) typist.timeBefore = server.processorTime();

  const ask = (): Promise<Timed<string | string[]>> =>
    asksHover ? server.hover(FILE, { line: line - 1, character: 9 }) : server.complete(FILE, edit.caret);
  const { answer, diagnostics } = await server.edit(
    FILE,
    edit.change,
    ask,
    (found) => !edit.isWhole || errorsOf(found).length <= typist.errorsBefore,
  );
  if (isMeasured) {
    bench.record(asksHover ? 'edit → hover' : 'edit → completion', setup, answer.ms);
    bench.record('edit → diagnostics', setup, diagnostics.ms);
  }
  const errors = errorsOf(diagnostics.value);
  if (edit.isWhole) bench.check('a fault that is gone is not reported', setup, errors.length === typist.errorsBefore);
  if (edit.written === HALF_TYPED) {
    bench.check(
      'a half-typed key is reported',
      setup,
      errors.some(({ range }) => Math.abs(range.start.line - line) <= 1),
    );
    if (Array.isArray(answer.value)) {
      bench.check(
        'a half-typed key is offered',
        setup,
        answer.value.some((label) => label.startsWith('timeout')),
      );
    }
  }
}

interface Edit {
  readonly change: TextDocumentContentChangeEvent;
  readonly caret: Position;
  /** What the line says after the edit. */
  readonly written: string;
  /** The line is complete or empty, so that the document is right again. */
  readonly isWhole: boolean;
}

const INDENTATION = 6;

function editAt(index: number, line: number): Edit {
  const step = index % (2 * TYPED.length);
  const types = step < TYPED.length;
  const length = types ? step + 1 : 2 * TYPED.length - step - 1;
  const at = (character: number) => ({ line, character: INDENTATION + character });
  const range = types ? { start: at(length - 1), end: at(length - 1) } : { start: at(length), end: at(length + 1) };
  return {
    change: { range, text: types ? (TYPED[length - 1] ?? '') : '' },
    caret: at(length),
    written: TYPED.slice(0, length),
    isWhole: length === 0 || length === TYPED.length,
  };
}

/** Empties the line of the route timeout that is nearest to the middle: there it is typed. */
function blankLine(text: string): { text: string; line: number } {
  const lines = text.split('\n');
  const line = lines.findIndex((content, index) => index >= lines.length / 2 && /^ {6}timeout: /.test(content));
  if (line < 0) throw new Error('The text has no route with a timeout.');
  return { text: lines.with(line, ' '.repeat(INDENTATION)).join('\n'), line };
}
