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

  it('count as they are in the editor while the file is open; what is wrong in it is logged and changes nothing', async () => {
    await inSession({ files: { [SETTINGS]: settingsFile('warning') } }, async (session) => {
      session.open(URI, BAD);
      const open = session.open(SETTINGS, settingsFile('info'));
      await assertSeverities(session, [3]);
      session.edit(open, 'checks:', 'cheks:');
      await session.idle();
      await assertSeverities(session, [3]);
      const said = session.log.filter((line) => line.includes('.meshpath.yaml:1:1: there is no setting "cheks"'));
      assert.equal(said.length, 1, session.log.join('\n'));
      session.close(open);
      await assertSeverities(session, [2]);
    });
  });

  it('are those of the first folder that has such a file', async () => {
    await inSession({ files: { [`${FOLDER}/deep/.meshpath.yaml`]: settingsFile('hint') } }, async (session) => {
      session.open(URI, BAD);
      await assertSeverities(session, [1]);
    });
  });
});
