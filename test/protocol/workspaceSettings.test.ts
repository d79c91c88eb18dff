import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, it } from 'mocha';
import { BAD, FOLDER, inSession, type Session } from './session.ts';

const ROUNDS = 100;
const ROUND_MS = 20;
const URI = `${FOLDER}/bad.yaml`;
const SETTINGS = `${FOLDER}/.meshpath.yaml`;

function settingsFile(severity: string): string {
  return `checks:\n  unknown-field: ${severity}\n`;
}

/** What is published in the end: the server may wait for a pause before it looks at everything again. */
async function assertSeverities(session: Session, expected: readonly number[]): Promise<void> {
  const found = () =>
    session.published.findLast(({ uri }) => uri === URI)?.diagnostics.map(({ severity }) => severity ?? 0) ?? [];
  await until(session, found, expected);
}

async function until<T>(session: Session, found: () => readonly T[], expected: readonly T[]): Promise<void> {
  for (let round = 0; round < ROUNDS && found().join() !== expected.join(); round++) {
    await delay(ROUND_MS);
    await session.idle();
  }
  assert.deepEqual(found(), expected);
}

function tell(session: Session, type: number): Promise<void> {
  return session.client.sendNotification('workspace/didChangeWatchedFiles', { changes: [{ uri: SETTINGS, type }] });
}

describe('settings in .meshpath.yaml', () => {
  it('go before those of the editor, key by key', async () => {
    const capabilities = { workspace: { configuration: true } };
    const settings = { closedWorld: true, checks: { 'unknown-field': 'hint', 'invalid-host': 'off' } };
    await inSession({ capabilities, settings, files: { [SETTINGS]: settingsFile('info') } }, async (session) => {
      session.open(URI, BAD);
      await assertSeverities(session, [3]);
    });
  });

  it('are read again when the file is changed, made or removed', async () => {
    const files: Record<string, string> = {};
    await inSession({ files }, async (session) => {
      session.open(URI, BAD);
      await assertSeverities(session, [1]);
      files[SETTINGS] = settingsFile('warning');
      await tell(session, 1);
      await assertSeverities(session, [2]);
      files[SETTINGS] = settingsFile('hint');
      await tell(session, 2);
      await assertSeverities(session, [4]);
      delete files[SETTINGS];
      await tell(session, 3);
      await assertSeverities(session, [1]);
    });
  });

  it('count as they are in the editor while the file is open; what is wrong in it changes nothing', async () => {
    await inSession({ files: { [SETTINGS]: settingsFile('warning') } }, async (session) => {
      session.open(URI, BAD);
      const open = session.open(SETTINGS, settingsFile('info'));
      await assertSeverities(session, [3]);
      session.edit(open, 'checks:', 'cheks:');
      await session.idle();
      await assertSeverities(session, [3]);
      session.close(open);
      await assertSeverities(session, [2]);
    });
  });

  it('are shown where they are wrong, in the open file and in the one on disk, until they are right', async () => {
    const files: Record<string, string> = { [SETTINGS]: 'checks:\n  unknown-filed: off\n' };
    await inSession({ files }, async (session) => {
      const shown = async () => {
        await session.idle();
        const last = session.published.findLast(({ uri }) => uri === SETTINGS)?.diagnostics ?? [];
        return last.map(({ range: { start, end }, severity, message }) => [
          `${start.line}:${start.character}-${end.line}:${end.character}`,
          severity,
          String(message).split(';')[0],
        ]);
      };
      assert.deepEqual(await shown(), [['1:2-1:15', 2, 'there is no check "unknown-filed"']]);
      const open = session.open(SETTINGS, 'cheks: {}\n');
      assert.deepEqual(await shown(), [['0:0-0:5', 1, 'there is no setting "cheks"']]);
      session.edit(open, 'cheks', 'checks');
      assert.deepEqual(await shown(), []);
      session.close(open);
      assert.deepEqual(await shown(), [['1:2-1:15', 2, 'there is no check "unknown-filed"']]);
      delete files[SETTINGS];
      await tell(session, 3);
      assert.deepEqual(await shown(), []);
    });
  });

  it('decide anew which files are read when they leave out others', async () => {
    const files = {
      [SETTINGS]: "exclude: ['old/**']\n",
      [`${FOLDER}/old/bad.yaml`]: BAD,
      [`${FOLDER}/new/bad.yaml`]: BAD,
    };
    await inSession({ files }, async (session) => {
      const reported = () =>
        ['old', 'new'].filter((folder) => {
          const last = session.published.findLast(({ uri }) => uri === `${FOLDER}/${folder}/bad.yaml`);
          return last !== undefined && last.diagnostics.length > 0;
        });
      await until(session, reported, ['new']);
      files[SETTINGS] = "exclude: ['new/**']\n";
      await tell(session, 2);
      await until(session, reported, ['old']);
    });
  });

  it('are those of the first folder that has such a file', async () => {
    await inSession({ files: { [`${FOLDER}/deep/.meshpath.yaml`]: settingsFile('hint') } }, async (session) => {
      session.open(URI, BAD);
      await assertSeverities(session, [1]);
    });
  });
});
