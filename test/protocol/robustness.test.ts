import assert from 'node:assert/strict';
import { setImmediate } from 'node:timers/promises';
import { describe, it } from 'mocha';
import { CancellationTokenSource, ErrorCodes, LSPErrorCodes, ResponseError } from 'vscode-languageserver/node';
import { createQuiet } from '../../server/src/lsp/quiet.ts';
import { BAD, codesOf, FOLDER, GOOD, inSession, itemsOf, PULL, type Session } from './session.ts';

const URI = `${FOLDER}/shop.yaml`;
const START = { line: 0, character: 0 };

describe('messages that make no sense', () => {
  it('get the error codes of the protocol, and the next ones are answered', async () => {
    await inSession({ capabilities: PULL }, async (session) => {
      await rejects(session, 'meshpath/nothing', {}, ErrorCodes.MethodNotFound);
      for (const params of [{}, { textDocument: null }, { textDocument: { uri: 3 } }]) {
        await rejects(session, 'textDocument/diagnostic', params, ErrorCodes.InvalidParams);
        await rejects(session, 'textDocument/hover', { ...params, position: START }, ErrorCodes.InvalidParams);
      }
      for (const position of [undefined, {}, { line: -1, character: 0 }, { line: '0', character: 0 }]) {
        const params = { textDocument: { uri: URI }, position };
        await rejects(session, 'textDocument/completion', params, ErrorCodes.InvalidParams);
        await rejects(session, 'textDocument/hover', params, ErrorCodes.InvalidParams);
      }
      await rejects(
        session,
        'textDocument/codeAction',
        { textDocument: { uri: URI }, range: { start: START } },
        ErrorCodes.InvalidParams,
      );
      assert.deepEqual(codesOf(itemsOf(await session.pull(session.open(URI, BAD)))), ['unknown-field']);
    });
  });

  it('change nothing when they are notifications', async () => {
    await inSession({}, async (session) => {
      const document = session.open(URI, BAD);
      const send = (method: string, params: unknown) => session.client.sendNotification(method, params);
      await send('textDocument/didChange', {
        textDocument: { uri: `${FOLDER}/never-opened.yaml`, version: 2 },
        contentChanges: [{ text: 'x' }],
      });
      await send('textDocument/didClose', { textDocument: { uri: `${FOLDER}/never-opened.yaml` } });
      await send('textDocument/didChange', { textDocument: { uri: URI, version: 2 } });
      await send('textDocument/didChange', { textDocument: { uri: URI, version: 2 }, contentChanges: [null] });
      await send('textDocument/didOpen', { textDocument: { uri: URI } });
      await send('textDocument/didOpen', {});
      await send('workspace/didChangeWatchedFiles', {});
      await send('workspace/didChangeWatchedFiles', {
        changes: [null, { uri: 1 }, { uri: `${FOLDER}/kustomization.yaml`, type: 9 }],
      });
      await send('workspace/didChangeConfiguration', {});
      await send('meshpath/nothing', {});
      session.edit(document, 'mod:', 'mode:');
      assert.deepEqual(await session.diagnostics(document), []);
      assert.ok(!session.published.some(({ uri }) => uri !== URI));
    });
  });

  it('may point behind the end of the text', async () => {
    await inSession({}, async (session) => {
      const document = session.open(URI, BAD);
      const position = { line: 9999, character: 9999 };
      const textDocument = { uri: URI };
      for (const method of ['textDocument/completion', 'textDocument/hover']) {
        await session.client.sendRequest(method, { textDocument, position });
      }
      const range = { start: position, end: START };
      await session.client.sendRequest('textDocument/codeAction', {
        textDocument,
        range,
        context: { diagnostics: [] },
      });
      assert.deepEqual(codesOf(await session.diagnostics(document)), ['unknown-field']);
    });
  });

  it('may come twice', async () => {
    await inSession({}, async (session) => {
      session.open(URI, BAD);
      const again = session.open(URI, GOOD, { version: 2 });
      assert.deepEqual(await session.diagnostics(again), []);
      // Asking for one document must not bring back what another notification said before.
      const other = session.open(`${FOLDER}/other.yaml`, BAD);
      await session.diagnostics(other);
      assert.deepEqual(session.published.findLast(({ uri }) => uri === URI)?.diagnostics, []);
      await session.client.sendRequest('shutdown');
      await session.client.sendRequest('shutdown').catch((error: unknown) => assert.ok(error instanceof ResponseError));
    });
  });
});

describe('a fault of ours', () => {
  it('in a request is logged and answered, and the next request works', async () => {
    await inSession({ capabilities: PULL }, async (session) => {
      // Data that the server never made: reading it throws.
      const item = { label: 'mode', data: 'not made here' };
      assert.deepEqual(await session.client.sendRequest('completionItem/resolve', item), item);
      assert.ok(
        session.log.some((line) => line.startsWith('completionItem/resolve failed: ')),
        session.log.join('\n'),
      );
      assert.deepEqual(codesOf(itemsOf(await session.pull(session.open(URI, BAD)))), ['unknown-field']);
    });
  });

  it('in code actions is null, because their context is missing', async () => {
    await inSession({}, async (session) => {
      session.open(URI, BAD);
      const params = { textDocument: { uri: URI }, range: { start: START, end: START } };
      assert.equal(await session.client.sendRequest('textDocument/codeAction', params), null);
      assert.ok(session.log.some((line) => line.startsWith('textDocument/codeAction failed: ')));
    });
  });
});

describe('cancelling', () => {
  it('ends requests that are not answered yet', async () => {
    await inSession({ capabilities: PULL }, async (session) => {
      const document = session.open(URI, BAD);
      const cancelled = await Promise.all(
        Array.from({ length: 50 }, async () => {
          const source = new CancellationTokenSource();
          const answer = session.client
            .sendRequest('textDocument/diagnostic', { textDocument: { uri: URI } }, source.token)
            .then(
              () => undefined,
              (error: unknown) => error,
            );
          source.cancel();
          return answer;
        }),
      );
      for (const error of cancelled) {
        assert.ok(error instanceof ResponseError);
        assert.equal(error.code, LSPErrorCodes.RequestCancelled);
      }
      assert.deepEqual(codesOf(itemsOf(await session.pull(document))), ['unknown-field']);
    });
  });
});

describe('the order of answers', () => {
  it('puts what the user waits for before diagnostics', async () => {
    await inSession({ capabilities: PULL }, async (session) => {
      const document = session.open(URI, BAD);
      await session.pull(document);
      const order: string[] = [];
      session.edit(document, 'STRICT', 'DISABLE');
      const pull = session.pull(document).then(() => order.push('diagnostics'));
      const textDocument = { uri: URI };
      const hovers = [7, 8, 9].map(async () => {
        await session.client.sendRequest('textDocument/hover', { textDocument, position: START });
        order.push('hover');
      });
      await Promise.all([pull, ...hovers]);
      assert.deepEqual(order, ['hover', 'hover', 'hover', 'diagnostics']);
    });
  });
});

describe('typing without pause', () => {
  it('never gives diagnostics of an older text, and all requests are answered', async () => {
    await inSession({}, async (session) => {
      const document = session.open(URI, GOOD);
      const texts = new Map([[1, document.getText()]]);
      const answers: Promise<unknown>[] = [];
      for (let count = 0; count < 200; count++) {
        session.edit(document, count % 2 ? 'mod:' : 'mode:', count % 2 ? 'mode:' : 'mod:');
        texts.set(document.version, document.getText());
        const position = document.positionAt(document.getText().indexOf('mod'));
        answers.push(session.client.sendRequest('textDocument/hover', { textDocument: { uri: URI }, position }));
        if (count % 10 === 0) await setImmediate();
      }
      await Promise.all(answers);
      await session.diagnostics(document);
      for (const { version, diagnostics } of session.published) {
        const faulty = texts.get(version ?? -1)?.includes('mod:');
        assert.deepEqual(codesOf(diagnostics), faulty ? ['unknown-field'] : [], `version ${version}`);
      }
    });
  });

  it('gives what a fresh document gives', async () => {
    await inSession({ capabilities: PULL }, async (session) => {
      const document = session.open(URI, `${GOOD}---\n${BAD}---\n${GOOD}`);
      for (const [find, replacement] of [
        ['---\n', ''],
        ['  mtls:\n', ''],
        ['kind: PeerAuthentication', 'kind: PeerAuthentication\n---\n'],
        ['---\n', '---\r\n'],
        ['name: default', 'name: "🦊"'],
        ['mod:', 'mode:'],
      ] as const) {
        session.edit(document, find, replacement);
        const edited = itemsOf(await session.pull(document));
        const fresh = session.open(`${FOLDER}/fresh-${document.version}.yaml`, document.getText());
        assert.deepEqual(edited, itemsOf(await session.pull(fresh)), document.getText());
      }
    });
  });
});

describe('waiting until no message is left', () => {
  it('goes on while messages come, but not for ever', async () => {
    let turns = 0;
    let busy = 20;
    const quiet = createQuiet(async () => {
      turns++;
      if (busy-- > 0) quiet.touch();
    });
    await quiet.wait();
    assert.ok(turns > 20);
    const never = createQuiet(async () => never.touch());
    await never.wait();
  });
});

async function rejects(session: Session, method: string, params: unknown, code: number): Promise<void> {
  await assert.rejects(
    session.client.sendRequest(method, params),
    (error: unknown) => error instanceof ResponseError && error.code === code,
  );
}
