import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { startLanguageServer } from '../languageServer.ts';
import { PEAK_MEMORY, type Scenario } from '../measurements.ts';
import { ambientNamespace, manyFiles, smallFiles } from '../meshText.ts';

// The hop path of one request in a mesh of 2,000 resources: from one pod through a waypoint to another, past the
// policies and routes on the way, asked for as the panel does. Nobody else answers this, so there is nothing to compare.

const FILES = 2000;
/** Read last, so that all others have been checked when its fault is told. */
const FAULTY = 'zz/faulty.yaml';
const WARM_UP = 5;

export const hopPath: Scenario = {
  name: 'hop-path',
  title: 'The hop path of one request among 2,000 resources',
  async run(bench) {
    const workspace = path.join(bench.workspace, 'mesh');
    const files = manyFiles(FILES, 61);
    const teams = [...new Set(files.map((file) => path.dirname(file.path)))];
    const faulty = { path: FAULTY, text: smallFiles().faulty };
    for (const file of [...files, ...teams.map(ambientNamespace), faulty]) {
      mkdirSync(path.join(workspace, path.dirname(file.path)), { recursive: true });
      writeFileSync(path.join(workspace, file.path), file.text);
    }
    const services = files.flatMap(({ text }) => {
      const named =
        /^apiVersion: v1\nkind: Service\nmetadata:\n {2}name: (\S+)\n {2}namespace: (\S+)\n[\s\S]*? port: (\d+)/.exec(
          text,
        );
      return named ? [{ service: `${named[2]}/${named[1]}`, port: Number(named[3]) }] : [];
    });
    const [setup] = bench.setups;
    const server = await startLanguageServer(setup, workspace);
    const ask = async (turn: number) => {
      const to = services[(turn * 7) % services.length];
      const from = services[(turn * 11 + 5) % services.length]?.service;
      const request = { from, to, http: { method: 'GET', path: '/' } };
      const { ms, value } = await server.ask('meshpath/hopPath', { request });
      return { ms, isWhole: from === to?.service || JSON.stringify(value).includes('"wp:') };
    };
    // Faults of files that are not open are told in the order of the files, when all have been read.
    await server.reported(FAULTY, (found) => found.length > 0);
    for (let turn = 1; turn <= bench.times(200, 60) + WARM_UP; turn++) {
      const { ms, isWhole } = await ask(turn);
      if (turn > WARM_UP) bench.record('question → answer', setup, ms);
      bench.check('the waypoint is on the path', setup, isWhole);
    }
    bench.record(PEAK_MEMORY, setup, server.peakMemory());
    await server.stop();
  },
};
