import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { createAnswers } from '../../client/src/hopPath/answers.ts';
import type { HopPathAnswer, HopPathParams, HopPathResult } from '../../server/src/protocol/panel.ts';
import { answerTo } from './hopPathAnswer.ts';

const route = { uri: 'file:///work/route.yaml', position: { line: 3, character: 0 } };
const service = { uri: 'file:///work/service.yaml', position: { line: 0, character: 0 } };
const nowhere = { uri: 'file:///work/route.yaml', position: { line: 20, character: 0 } };

/** A server that answers when the test wants it to, and the titles of what the page is told to show. */
function held() {
  const waiting: ((answer: HopPathResult) => void)[] = [];
  const shown: string[] = [];
  const server = {
    hopPath: (_question: HopPathParams) => new Promise<HopPathResult>((resolve) => waiting.push(resolve)),
    compareHopPaths: async () => null,
  };
  const answers = createAnswers(server, (message) =>
    shown.push(message.type === 'path' ? message.answer.drawing.scene.title : message.type),
  );
  const answer = async (index: number, given: HopPathAnswer | null) => {
    waiting[index]?.(given);
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { answers, shown, answer };
}

describe('answers for the panel', () => {
  it('are shown also when the cursor has moved on to where nothing stands', async () => {
    const { answers, shown, answer } = held();
    answers.ask(route, false);
    await answer(0, answerTo('before'));
    answers.again();
    answers.ask(nowhere, true);
    await answer(1, answerTo('after'));
    await answer(2, null);
    assert.deepEqual(shown, ['before', 'after']);
  });

  it('are dropped when a later question was answered before', async () => {
    const { answers, shown, answer } = held();
    answers.ask(route, false);
    answers.ask(nowhere, false);
    await answer(1, answerTo('later'));
    await answer(0, answerTo('earlier'));
    assert.deepEqual(shown, ['later']);
  });

  it('are asked for again when the cursor moved on while something changed', async () => {
    const { answers, shown, answer } = held();
    answers.ask(route, false);
    await answer(0, answerTo('route'));
    answers.ask(service, true);
    answers.again();
    await answer(1, answerTo('service before'));
    await answer(2, answerTo('route after'));
    await answer(3, answerTo('service after'));
    assert.deepEqual(shown, ['route', 'service before', 'service after']);
  });

  it('change nothing that was pinned meanwhile', async () => {
    const { answers, shown, answer } = held();
    answers.ask(route, false);
    await answer(0, answerTo('route'));
    answers.ask(service, true);
    answers.pin(true);
    await answer(1, answerTo('service'));
    assert.deepEqual(shown, ['route', 'route']);
  });

  it('are dropped when the panel begins anew', async () => {
    const { answers, shown, answer } = held();
    answers.ask(route, false);
    answers.reset();
    await answer(0, answerTo('gone'));
    assert.deepEqual(shown, []);
    answers.ask(route, false);
    await answer(1, answerTo('new'));
    assert.deepEqual(shown, ['new']);
  });

  it('say so when there is nothing to show', async () => {
    const { answers, shown, answer } = held();
    answers.ask(nowhere, false);
    await answer(0, null);
    assert.deepEqual(shown, ['nothing']);
  });
});
