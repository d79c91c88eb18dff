import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { Diagnostic, DocumentDiagnosticReport } from 'vscode-languageserver/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { BAD, codesOf, FOLDER, GOOD, inSession, itemsOf, PULL, type Session } from './session.ts';

// Texts that stall or end other tools. Here each gets an answer, and the document beside it is served.

const HEAD = 'apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata:\n  name: web\nspec:\n';

function nested(open: string, close: string, depth: number): string {
  return `${HEAD}  http: ${open.repeat(depth)}${close.repeat(depth)}\n`;
}

function bomb(): string {
  const levels = 'bcdefghijk'.split('');
  const lines = levels.map((name, at) => `  ${name}: &${name} [${`*${at === 0 ? 'a' : levels[at - 1]},`.repeat(9)}]`);
  return `${HEAD}  a: &a [x,x,x]\n${lines.join('\n')}\n`;
}

function mergeBomb(): string {
  const lines = Array.from({ length: 25 }, (_, at) => `  m${at + 1}: &m${at + 1} {<<: [*m${at}, *m${at}]}`);
  return `${HEAD}  m0: &m0 {a: 1}\n${lines.join('\n')}\n`;
}

describe('hostile documents', () => {
  it('nested deeply, one after the other, are refused with one message each', async () => {
    await served(async (session) => {
      for (let round = 0; round < 3; round++) {
        for (const text of [nested('[', ']', 5000), nested('[', '', 5000), nested('{a: ', '}', 5000)]) {
          const found = await diagnosticsOf(session, text);
          assert.deepEqual(codesOf(found), ['unreadable-file']);
          assert.match(String(found[0]?.message), /256/);
        }
      }
    });
  });

  it('with aliases that grow without end, or in a circle', async () => {
    await served(async (session) => {
      for (const text of [bomb(), mergeBomb(), `${HEAD}  hosts: &a\n    b: *a\n`, `${HEAD}  http: &a [*a]\n`]) {
        await diagnosticsOf(session, text);
        await askAround(session, text);
      }
    });
  });

  it('with many aliases that are as they should be', async () => {
    await served(async (session) => {
      const hosts = `  hosts: [&h web.example.com${', *h'.repeat(5000)}]\n`;
      const found = await diagnosticsOf(session, `${HEAD}${hosts}  http: [{route: [{destination: {host: web}}]}]\n`);
      assert.deepEqual(
        found.filter(({ code }) => code === 'wrong-type' || code === 'yaml-syntax'),
        [],
      );
    });
  });

  it('with very many keys, of which one comes twice', async () => {
    await served(async (session) => {
      const keys = Array.from({ length: 20_000 }, (_, at) => `    k${at}: v\n`).join('');
      const text = GOOD.replace('  namespace: shop\n', `  labels:\n${keys}    k7: again\n`);
      const found = await diagnosticsOf(session, text);
      assert.deepEqual(codesOf(found), ['duplicate-key']);
      const lines = TextDocument.create('', '', 0, text);
      assert.equal(found[0] && lines.getText(found[0].range), 'k7');
    });
  });

  it('larger than anyone writes', async () => {
    await served(async (session) => {
      const huge = await diagnosticsOf(session, `${GOOD}# ${'x'.repeat(9 * 1024 * 1024)}`);
      assert.deepEqual(codesOf(huge), ['unreadable-file']);
      assert.deepEqual(codesOf(await diagnosticsOf(session, GOOD + '---\n'.repeat(100_000))), ['unreadable-file']);
      const long = await diagnosticsOf(session, `${GOOD}  extra: "${'x'.repeat(3 * 1024 * 1024)}"\n`);
      assert.deepEqual(codesOf(long), ['unreadable-file']);
      assert.deepEqual(await diagnosticsOf(session, '\n'.repeat(500_000)), []);
    });
  });

  it('that are no YAML at all', async () => {
    await served(async (session) => {
      const conflict = GOOD.replace('  mtls:', '<<<<<<< ours\n  mtls:\n=======\n  mtls: {}\n>>>>>>> theirs');
      for (const text of [
        conflict,
        `${GOOD}\0`,
        `\uFEFF${BAD}`,
        `${BAD}\uD800`,
        BAD.replaceAll('\n', '\r\n'),
        BAD.replaceAll('  ', '\t'),
        '{',
        '}',
        '"',
        '- - - -',
        '? ? ?',
        '%YAML 9',
        '*',
        '&',
        '!',
      ]) {
        await diagnosticsOf(session, text);
        await askAround(session, text);
      }
    });
  });

  it('with names that mean something to JavaScript', async () => {
    await served(async (session) => {
      for (const name of ['__proto__', 'constructor', 'toString', 'hasOwnProperty']) {
        const text = `${GOOD.replace('default', name).replace('shop', name)}  ${name}:\n    polluted: true\n`;
        const found = await diagnosticsOf(session, text);
        assert.deepEqual(codesOf(found), ['unknown-field'], name);
        await askAround(session, text);
      }
      assert.equal(Object.hasOwn(Object.prototype, 'polluted'), false);
    });
  });
});

describe('ranges', () => {
  it('lie inside the text and never split a character', async () => {
    await served(async (session) => {
      const texts = [
        BAD.replace('mod:', '"🦊🦊": 1\n    mod:'),
        `# 👩‍👩‍👧\r\n${BAD.replaceAll('\n', '\r\n')}`,
        `\uFEFF${BAD.replace('name: default', 'name: "e\u0301é", labels: {🦊: 🦊}')}`,
        BAD.replace('STRICT', '🦊'),
      ];
      for (const text of texts) {
        const document = TextDocument.create('', '', 0, text);
        for (const { range } of await diagnosticsOf(session, text)) {
          for (const position of [range.start, range.end]) {
            const offset = document.offsetAt(position);
            assert.deepEqual(document.positionAt(offset), position, 'the position is in the text');
            assert.ok(
              !/[\uDC00-\uDFFF]/.test(text[offset] ?? '') || !/[\uD800-\uDBFF]/.test(text[offset - 1] ?? ''),
              'no half character',
            );
          }
        }
      }
    });
  });
});

/** Runs a test and then makes sure that an ordinary document is served as ever, and that nothing was logged. */
async function served(test: (session: Session) => Promise<void>): Promise<void> {
  await inSession({ capabilities: PULL }, async (session) => {
    const neighbor = session.open(`${FOLDER}/neighbor.yaml`, BAD);
    await test(session);
    session.edit(neighbor, 'mod:', 'moode:');
    assert.deepEqual(codesOf(itemsOf(await session.pull(neighbor))), ['unknown-field']);
    assert.deepEqual(session.log, []);
  });
}

let opened = 0;

async function diagnosticsOf(session: Session, text: string): Promise<Diagnostic[]> {
  const document = session.open(`${FOLDER}/hostile-${opened++}.yaml`, text);
  const report: DocumentDiagnosticReport = await session.pull(document);
  session.close(document);
  return itemsOf(report);
}

/** Completion and hover at places spread over the text. */
async function askAround(session: Session, text: string): Promise<void> {
  const document = session.open(`${FOLDER}/hostile-${opened++}.yaml`, text);
  for (let part = 0; part <= 8; part++) {
    const position = document.positionAt(Math.floor((text.length * part) / 8));
    for (const method of ['textDocument/completion', 'textDocument/hover']) {
      await session.client.sendRequest(method, { textDocument: { uri: document.uri }, position });
    }
  }
  session.close(document);
}
