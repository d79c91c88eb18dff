import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Diagnostic } from 'vscode-languageserver/node';
import { type LanguageServer, startLanguageServer } from '../languageServer.ts';
import { type Bench, inTurns, PEAK_MEMORY, type Scenario } from '../measurements.ts';
import { manyFiles, type TextFile } from '../meshText.ts';
import { errorsOf, positionOf } from '../places.ts';
import type { ServerSetup } from '../servers.ts';

// A repository of 10,000 files. We read it by ourselves and check the files against one another; for the peer a client
// opens every file, which is the only way to have them all checked, each by itself. Meanwhile somebody points at things.

const FILES = 10_000;
/** One VirtualService in so many has a misspelled field. */
const FAULTY = 6;
const FAULT = 'perTryTimeuot';
const POINTED_AT = 'pointed-at.yaml';
/** In milliseconds: between one hover and the next. */
const REST = 50;

export const manyFilesAtOnce: Scenario = {
  name: 'S7',
  title: 'A workspace of 10,000 files',
  async run(bench) {
    const workspace = path.join(bench.workspace, 'many');
    const files = withFaults(manyFiles(FILES, 51));
    for (const { path: file, text } of files) {
      mkdirSync(path.join(workspace, path.dirname(file)), { recursive: true });
      writeFileSync(path.join(workspace, file), text);
    }
    await inTurns(bench.setups, bench.times(3, 1), (setup) => diagnoseAll(bench, setup, workspace, files));
  },
};

function withFaults(files: readonly TextFile[]): TextFile[] {
  let count = 0;
  return files.map((file) =>
    file.text.includes('perTryTimeout') && ++count % FAULTY === 0
      ? { ...file, text: file.text.replace('perTryTimeout', FAULT) }
      : file,
  );
}

async function diagnoseAll(
  bench: Bench,
  setup: ServerSetup,
  workspace: string,
  files: readonly TextFile[],
): Promise<void> {
  const faulty = new Set(files.filter(({ text }) => text.includes(FAULT)).map((file) => file.path));
  const server = await startLanguageServer(setup, workspace);
  const timeBefore = server.processorTime();
  const hovers = pointAtThings(server, files);
  if (!setup.readsWorkspace) for (const { path: file, text } of files) server.put(file, text);
  await Promise.all([...faulty].map((file) => server.reported(file, (found) => found.some(isTheFault))));
  bench.record('start → every fault', setup, server.sinceStart());
  bench.record('longest wait for a hover meanwhile', setup, await hovers.stop());
  await server.settle();
  bench.record('processor time', setup, server.processorTime() - timeBefore);
  const wronged = [...server.reports()].filter(([file, found]) => !faulty.has(file) && errorsOf(found).length > 0);
  bench.check('no false error', setup, wronged.length === 0);
  await edit(bench, setup, server, files);
  bench.record(PEAK_MEMORY, setup, server.peakMemory());
  await server.stop();
}

function isTheFault({ message }: Diagnostic): boolean {
  return JSON.stringify(message).includes(FAULT);
}

/** Points at a field again and again until told to stop; tells how long the longest answer took. */
function pointAtThings(server: LanguageServer, files: readonly TextFile[]): { stop: () => Promise<number> } {
  const text = files.find((file) => file.text.includes('kind: DestinationRule'))?.text ?? '';
  let isOver = false;
  let longest = 0;
  const pointing = (async () => {
    server.put(POINTED_AT, text);
    while (!isOver) {
      longest = Math.max(longest, (await server.hover(POINTED_AT, positionOf(text, 'interval'))).ms);
      await sleep(REST);
    }
  })();
  return {
    stop: async () => {
      isOver = true;
      await pointing;
      return longest;
    },
  };
}

/** A Service is renamed, and gets its name back: the DestinationRule for it is in another file. */
async function edit(bench: Bench, setup: ServerSetup, server: LanguageServer, files: readonly TextFile[]) {
  const services = files.filter(({ text }) => text.startsWith('apiVersion: v1\nkind: Service\n'));
  for (let turn = 0; turn < bench.times(20, 8); turn++) {
    const { path: file, text } = services[turn * 7] as TextFile;
    const rule = file.replace(/-1\.yaml$/, '-4.yaml');
    await server.open(file, text);
    const end = { line: 3, character: text.split('\n')[3]?.length ?? 0 };
    for (const [typed, isMissing] of [
      ['x', true],
      ['', false],
    ] as const) {
      const range = { start: end, end: typed === '' ? { ...end, character: end.character + 1 } : end };
      const sent = performance.now();
      const changed = server.edit(file, { range, text: typed }, async () => {});
      if (setup.readsWorkspace) {
        const at = await server.reported(rule, (found) => found.some(isMissingHost) === isMissing);
        bench.record('a Service renamed → the files that name it', setup, at - sent);
      }
      bench.record('edit → that file', setup, (await changed).diagnostics.ms);
    }
    await server.close(file);
  }
}

function isMissingHost({ code }: Diagnostic): boolean {
  return code === 'destination-host-not-found';
}
