import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { CodeAction, Diagnostic } from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import { SHOW_HOP_PATH } from '../../server/src/protocol/commands.ts';
import { AMBIENT_SHOP } from './ambientShop.ts';
import { FOLDER, inSession, type Session } from './session.ts';

const URI = `${FOLDER}/shop.yaml`;
const PANEL = { initializationOptions: { hopPathPanel: true } };
const SHOP = `${AMBIENT_SHOP}---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: no-put, namespace: shop}
spec:
  selector: {matchLabels: {app: cart}}
  action: DENY
  rules: [{to: [{operation: {methods: [PUT]}}]}]
`;

/** What the light bulb offers where the first diagnostic of a code stands. */
async function offered(session: Session, document: TextDocument, code: string) {
  const found: Diagnostic[] = await session.diagnostics(document);
  const diagnostic = found.find((one) => one.code === code);
  assert.ok(diagnostic, `${code} is not among ${found.map((one) => one.code).join(', ')}`);
  const actions = await session.client.sendRequest<CodeAction[]>('textDocument/codeAction', {
    textDocument: { uri: document.uri },
    range: diagnostic.range,
    context: { diagnostics: [diagnostic] },
  });
  return { diagnostic, shown: actions.filter(({ command }) => command?.command === SHOW_HOP_PATH) };
}

describe('from a diagnostic to the hop path', () => {
  it('leads an action, where a policy does not what it says', () =>
    inSession(PANEL, async (session) => {
      const { diagnostic, shown } = await offered(session, session.open(URI, SHOP), 'l7-deny-without-effect');
      assert.equal(shown.length, 1);
      assert.equal(shown[0]?.title, 'Show the hop path');
      assert.deepEqual(shown[0]?.diagnostics, [diagnostic]);
      assert.deepEqual(shown[0]?.command?.arguments, [URI, diagnostic.range.start]);
      assert.notEqual(shown[0]?.isPreferred, true);
    }));

  it('leads none from a diagnostic about the text alone', () =>
    inSession(PANEL, async (session) => {
      const document = session.open(URI, SHOP.replace('action: DENY', 'action: DENI'));
      assert.deepEqual((await offered(session, document, 'invalid-enum-value')).shown, []);
    }));

  it('leads none where no request passes', () =>
    inSession(PANEL, async (session) => {
      const policy = SHOP.slice(SHOP.lastIndexOf('---\n') + 4).replace('app: cart', 'app: nobody');
      const document = session.open(URI, `${SHOP}---\n${policy.replace('no-put', 'nobody')}`);
      assert.deepEqual((await offered(session, document, 'selector-matches-nothing')).shown, []);
    }));

  it('leads none in an editor without a panel', () =>
    inSession({}, async (session) => {
      const { shown } = await offered(session, session.open(URI, SHOP), 'l7-deny-without-effect');
      assert.deepEqual(shown, []);
    }));
});
