import assert from 'node:assert/strict';
import { type Diagnostic, DidChangeConfigurationNotification } from 'vscode-languageserver/node';
import { BAD, codesOf, FOLDER, GOOD, inSession, PULL, type Session } from './session.ts';

const BAD_URI = `${FOLDER}/bad.yaml`;
const RULE_URI = `${FOLDER}/rule.yaml`;
const SERVICE_URI = `${FOLDER}/service.yaml`;
const RULE = `apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata:
  name: cart
  namespace: shop
spec:
  host: cart
`;
const SERVICE = `apiVersion: v1
kind: Service
metadata:
  name: cart
  namespace: shop
spec:
  ports:
    - port: 80
`;
const FILES = { [BAD_URI]: BAD, [RULE_URI]: RULE, [SERVICE_URI]: SERVICE };

/** What the client shows for a file that it was told about. */
function shown(session: Session, uri: string): Diagnostic[] {
  return session.published.findLast((set) => set.uri === uri)?.diagnostics ?? [];
}

for (const [name, capabilities] of Object.entries({ 'that pull': PULL, 'that are pushed to': {} })) {
  describe(`files that are not open, for clients ${name}`, () => {
    it('have their problems shown', async () => {
      await inSession({ capabilities, files: FILES }, async (session) => {
        await session.idle();
        assert.deepEqual(codesOf(shown(session, BAD_URI)), ['unknown-field']);
        assert.deepEqual(shown(session, RULE_URI), []);
      });
    });

    it('follow what is typed in others', async () => {
      await inSession({ capabilities, files: FILES }, async (session) => {
        const service = session.open(SERVICE_URI, SERVICE);
        await session.idle();
        session.edit(service, 'name: cart', 'name: basket');
        await session.idle();
        assert.deepEqual(codesOf(shown(session, RULE_URI)), ['destination-host-not-found']);
        session.edit(service, 'name: basket', 'name: cart');
        await session.idle();
        assert.deepEqual(shown(session, RULE_URI), []);
      });
    });

    it('are left to the editor while they are open, and come back when they are closed', async () => {
      await inSession({ capabilities, files: FILES }, async (session) => {
        await session.idle();
        const document = session.open(BAD_URI, BAD);
        await session.idle();
        const whileOpen = name === 'that pull' ? [] : ['unknown-field'];
        assert.deepEqual(codesOf(shown(session, BAD_URI)), whileOpen);
        session.close(document);
        await session.idle();
        assert.deepEqual(codesOf(shown(session, BAD_URI)), ['unknown-field']);
      });
    });

    it('are forgotten when they are gone, and looked at again when they change', async () => {
      const texts: Record<string, string | undefined> = { [BAD_URI]: BAD };
      const fileAccess = {
        async *list() {
          yield* Object.keys(texts);
        },
        read: async (uri: string) => texts[uri],
      };
      await inSession({ capabilities, fileAccess }, async (session) => {
        const changed = async (uri: string, type: number) => {
          await session.client.sendNotification('workspace/didChangeWatchedFiles', { changes: [{ uri, type }] });
          await session.idle();
        };
        await session.idle();
        assert.deepEqual(codesOf(shown(session, BAD_URI)), ['unknown-field']);
        texts[BAD_URI] = GOOD;
        await changed(BAD_URI, 2);
        assert.deepEqual(shown(session, BAD_URI), []);
        texts[BAD_URI] = BAD;
        await changed(BAD_URI, 2);
        assert.deepEqual(codesOf(shown(session, BAD_URI)), ['unknown-field']);
        texts[BAD_URI] = undefined;
        await changed(BAD_URI, 3);
        assert.deepEqual(shown(session, BAD_URI), []);
      });
    });

    it('have none shown when the settings say so', async () => {
      const settings = { problems: 'openFiles' };
      await inSession(
        { capabilities: { ...capabilities, workspace: { configuration: true } }, settings, files: FILES },
        async (session) => {
          await session.idle();
          assert.deepEqual(shown(session, BAD_URI), []);
          session.settings = {};
          await session.client.sendNotification(DidChangeConfigurationNotification.type, { settings: null });
          await session.idle();
          assert.deepEqual(codesOf(shown(session, BAD_URI)), ['unknown-field']);
        },
      );
    });
  });
}
