import { type LanguageServer, startLanguageServer, type Timed } from '../languageServer.ts';
import { type Bench, inTurns, type Scenario } from '../measurements.ts';
import { smallFiles } from '../meshText.ts';
import { positionOf, withCaret } from '../places.ts';
import type { ServerSetup } from '../servers.ts';

/** A question about a text that does not change: where, and what a right answer holds. */
interface Question {
  readonly title: string;
  readonly text: string;
  ask(server: LanguageServer, file: string): Promise<Timed<boolean>>;
}

const WARM_UP = 5;

export const completion: Scenario = {
  name: 'S3',
  title: 'Completion in an unchanged small file',
  run: (bench) => askAll(bench, COMPLETIONS),
};

export const hover: Scenario = {
  name: 'S4',
  title: 'Hover in an unchanged small file',
  run: (bench) => askAll(bench, HOVERS),
};

async function askAll(bench: Bench, questions: readonly Question[]): Promise<void> {
  const servers: { setup: ServerSetup; server: LanguageServer }[] = [];
  for (const setup of bench.setups) {
    const server = await startLanguageServer(setup, bench.workspace);
    for (const [index, { text }] of questions.entries()) await server.open(`question-${index}.yaml`, text);
    servers.push({ setup, server });
  }
  await inTurns(servers, bench.times(40, 10) + WARM_UP, async ({ setup, server }, round) => {
    for (const [index, { title, ask }] of questions.entries()) {
      const { ms, value } = await ask(server, `question-${index}.yaml`);
      if (round >= WARM_UP) bench.record(title, setup, ms);
      bench.check(title, setup, value);
    }
  });
  for (const { server } of servers) await server.stop();
}

const metadata = 'metadata:\n  name: checkout\n';
const istio = (kind: string) => `apiVersion: networking.istio.io/v1\nkind: ${kind}\n${metadata}`;

/** Expects the label alone or with what follows it in the text. */
function completionAt(title: string, marked: string, label: string): Question {
  const { text, caret } = withCaret(marked);
  const ask = async (server: LanguageServer, file: string) => {
    const { ms, value } = await server.complete(file, caret);
    return { ms, value: value.some((offered) => offered.split(/[:\s]/, 1)[0] === label) };
  };
  return { title, text, ask };
}

const COMPLETIONS: readonly Question[] = [
  completionAt('a key of the document', `${istio('VirtualService')}$0\n`, 'spec'),
  completionAt(
    'a key deep inside',
    `${istio('VirtualService')}spec:\n  hosts: [checkout]\n  http:\n    - route:\n        - destination:\n            host: checkout\n      $0\n`,
    'timeout',
  ),
  completionAt(
    'a key of which a part is typed',
    `${istio('VirtualService')}spec:\n  hosts: [checkout]\n  http:\n    - route:\n        - destination:\n            host: checkout\n      tim$0\n`,
    'timeout',
  ),
  completionAt(
    'the first key of a list item',
    `${istio('VirtualService')}spec:\n  hosts: [checkout]\n  http:\n    - $0\n`,
    'route',
  ),
  completionAt(
    'a value of an enum',
    `${istio('DestinationRule')}spec:\n  host: checkout\n  trafficPolicy:\n    tls:\n      mode: $0\n`,
    'ISTIO_MUTUAL',
  ),
  completionAt('the kind', 'apiVersion: networking.istio.io/v1\nkind: $0\n', 'VirtualService'),
];

/** Expects a word that every description of the field holds. */
function hoverAt(title: string, text: string, key: string, word: string): Question {
  const position = positionOf(text, key);
  const ask = async (server: LanguageServer, file: string) => {
    const { ms, value } = await server.hover(file, position);
    return { ms, value: value.toLowerCase().includes(word) };
  };
  return { title, text, ask };
}

const { virtualService, destinationRule, linkerd } = smallFiles();

const HOVERS: readonly Question[] = [
  hoverAt('a key near the root', virtualService, 'http:', 'http'),
  hoverAt('a key deep inside', virtualService, 'perTryTimeout:', 'each try'),
  hoverAt('a value of an enum', destinationRule, 'ISTIO_MUTUAL', 'tls'),
  hoverAt('a key in the third document', linkerd, 'identities:', 'identit'),
];
