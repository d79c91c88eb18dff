import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { describe, it } from 'mocha';
import { type Answers, createAnswers } from '../../client/src/hopPath/answers.ts';
import { keptState, receive } from '../../client/src/hopPath/messages.ts';
import type { HopPathParams } from '../../server/src/protocol/panel.ts';
import type { FromPage, ToPage } from '../../server/src/protocol/webview.ts';
import { answerTo, place, request } from './hopPathAnswer.ts';

const answer = answerTo('a path');

/** A panel that shows the answer, and everything that it did, asked or wrote down. */
async function panel() {
  const asked: HopPathParams[] = [];
  const sent: ToPage[] = [];
  const done: unknown[][] = [];
  const server = {
    hopPath: async (question: HopPathParams) => {
      asked.push(question);
      return answer;
    },
    compareHopPaths: async () => null,
  };
  const answers: Answers = createAnswers(server, (message) => sent.push(message));
  const note =
    (what: string) =>
    (...details: unknown[]) =>
      void done.push([what, ...details]);
  const actions = {
    reveal: note('reveal'),
    exportAnswer: note('export'),
    savePng: note('save'),
    copyLink: note('copy'),
    log: note('log'),
  };
  answers.ask({ request }, false);
  await settled();
  asked.length = 0;
  sent.length = 0;
  return { asked, sent, done, say: (message: unknown) => receive(answers, actions, message) };
}

function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

describe('messages of the page', () => {
  it('are done as far as the answer that is shown allows it', async () => {
    const { done, say } = await panel();
    const messages: FromPage[] = [
      { type: 'reveal', place },
      { type: 'export', format: 'text' },
      { type: 'save-png', png: 'iVBORw0KGgoAAAA=' },
      { type: 'copy-link' },
    ];
    for (const message of messages) say(message);
    assert.deepEqual(done, [
      ['reveal', place],
      ['export', answer, 'text'],
      ['save', 'iVBORw0KGgoAAAA='],
      ['copy', request],
    ]);
  });

  it('open no place but those of the answer', async () => {
    const { done, say } = await panel();
    for (const file of ['file:///etc/passwd', 'command:workbench.action.terminal.new', 'https://elsewhere.test/']) {
      say({ type: 'reveal', place: { ...place, file } });
    }
    say({ type: 'reveal', place: { ...place, range: { ...place.range, start: { line: 4, character: 2 } } } });
    assert.deepEqual(done, []);
  });

  it('are ignored with a line in the log when they are none of ours', async () => {
    const wrong: unknown[] = [
      undefined,
      'ready',
      { type: 'run', command: 'workbench.action.quit' },
      { type: 'ready', more: true },
      { type: 'pin', pinned: 'yes' },
      { type: 'ask', request: { from: 'a', to: { service: 'b' } } },
      { type: 'export', format: 'exe' },
      { type: 'save-png', png: 'TVqQAAMAAAAEAAAA' },
      { type: 'save-png', png: 'iVBORw0KGgo=../../x' },
      { type: 'reveal', place: { file: 1 } },
    ];
    for (const message of wrong) {
      const { asked, sent, done, say } = await panel();
      say(message);
      await settled();
      assert.deepEqual({ asked, sent, done: done.map(([what]) => what) }, { asked: [], sent: [], done: ['log'] });
    }
  });

  it('do nothing that is not in the list, whatever they hold', async () => {
    const { asked, done, say } = await panel();
    const types = fc.constantFrom(
      'ready',
      'ask',
      'pin',
      'compare',
      'reveal',
      'export',
      'save-png',
      'copy-link',
      '__proto__',
    );
    const shape = fc.oneof(
      fc.anything(),
      fc.record({ type: types, place: fc.anything(), request: fc.anything(), png: fc.string() }),
    );
    fc.assert(
      fc.property(shape, (message) => {
        say(message);
      }),
    );
    await settled();
    assert.deepEqual(
      done.filter(([what]) => what !== 'log' && what !== 'copy'),
      [],
    );
    assert.deepEqual(
      asked.filter((question) => !('request' in question)),
      [],
    );
  });
});

describe('what an editor kept of a panel', () => {
  it('is taken when it is what a panel keeps', () => {
    const states = [
      { question: { request }, pinned: true },
      { question: { uri: 'file:///work/cart.yaml', position: { line: 1, character: 0 } }, pinned: false },
    ];
    for (const state of states) assert.deepEqual(keptState(JSON.parse(JSON.stringify(state))), state);
  });

  it('is dropped when anybody changed it', () => {
    const wrong: unknown[] = [
      undefined,
      null,
      'text',
      [],
      {},
      { question: { request } },
      { question: { request, command: 'x' }, pinned: true },
      { question: { uri: 1, position: { line: 1, character: 0 } }, pinned: true },
      { question: { uri: 'file:///a', position: { line: -1, character: 0 } }, pinned: true },
      { question: { request: { ...request, to: { service: 'shop/cart', port: '80' } } }, pinned: true },
    ];
    for (const state of wrong) assert.equal(keptState(state), undefined, JSON.stringify(state));
    fc.assert(fc.property(fc.jsonValue(), (state) => keptState(state) === undefined));
  });
});
