import assert from 'node:assert/strict';
import { enforcementHints } from '../../server/src/core/features/enforcement/hints.ts';
import { enforcementHover } from '../../server/src/core/features/enforcement/hover.ts';
import { DEFAULT_SETTINGS } from '../../server/src/core/settings.ts';
import { type Scene, scene } from './workspaceText.ts';

const AMBIENT = `#- shop.yaml
apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {istio.io/dataplane-mode: ambient}}
---
apiVersion: v1
kind: Service
metadata: {name: cart, namespace: shop, labels: {istio.io/use-waypoint: waypoint}}
spec: {selector: {app: cart}, ports: [{name: http, port: 80, targetPort: 8080}]}
---
apiVersion: v1
kind: Service
metadata: {name: mail, namespace: shop}
spec: {selector: {app: mail}, ports: [{name: http, port: 80, targetPort: 8080}]}
---
${deployment('cart')}
---
${deployment('mail')}
---
${deployment('web')}
#- waypoint.yaml
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: waypoint, namespace: shop}
spec: {gatewayClassName: istio-waypoint, listeners: [{name: mesh, port: 15008, protocol: HBONE}]}
`;
const LINKERD = `#- shop.yaml
apiVersion: v1
kind: Namespace
metadata: {name: shop, annotations: {linkerd.io/inject: enabled}}
---
apiVersion: v1
kind: Service
metadata: {name: cart, namespace: shop}
spec: {selector: {app: cart}, ports: [{name: http, port: 80, targetPort: 8080}]}
---
${deployment('cart')}
---
${deployment('web')}
---
apiVersion: policy.linkerd.io/v1beta3
kind: Server
metadata: {name: cart-http, namespace: shop}
spec: {podSelector: {matchLabels: {app: cart}}, port: 8080}
`;

function deployment(name: string): string {
  return `apiVersion: apps/v1
kind: Deployment
metadata: {name: ${name}, namespace: shop}
spec: {template: {metadata: {labels: {app: ${name}}}, spec: {serviceAccountName: ${name}, containers: [{name: c, ports: [{containerPort: 8080}]}]}}}`;
}

/** A policy of the shop in a file of its own, with the cursor in its name. */
function policy(kind: string, spec: string, apiVersion = 'security.istio.io/v1'): string {
  return `#- policy.yaml\napiVersion: ${apiVersion}\nkind: ${kind}\nmetadata:\n  name: sub$0ject\n  namespace: shop\nspec: ${spec}\n`;
}

function hover({ snapshot, file, offset }: Scene, settings = DEFAULT_SETTINGS): string {
  return plain(enforcementHover(snapshot, file, offset, settings)?.markdown ?? '');
}

/** Markdown without its escapes. */
function plain(markdown: string): string {
  return markdown.replaceAll('\\', '');
}

function hint({ snapshot, file }: Scene) {
  const whole = { start: 0, end: file.text.length };
  const hints = enforcementHints(snapshot, file, whole, DEFAULT_SETTINGS);
  assert.equal(hints.length, 1);
  return { label: hints[0]?.label, place: hints[0]?.place?.path };
}

const BY_SERVICE =
  '{targetRefs: [{group: "", kind: Service, name: cart}], rules: [{from: [{source: {serviceAccounts: [web]}}]}]}';

describe('the hover of a policy', () => {
  it('says at which waypoint it is enforced, for whom, who goes past it, and what that rests on', () => {
    const text = hover(scene(AMBIENT + policy('AuthorizationPolicy', BY_SERVICE)));
    assert.match(text, /lets in what its rule matches/);
    assert.match(
      text,
      /\*\*Enforced\*\* at waypoint shop\/waypoint: requests to `Service shop\/cart:80`, from `shop\/web` and `shop\/mail`\./,
    );
    assert.match(text, /\*\*Bypassed\*\* \(waypoint shop\/waypoint\): .*, from outside; the client is not in the mesh/);
    assert.match(
      text,
      /`GET \/` to `Service shop\/cart:80` from `shop\/web` and outside: allowed; from `shop\/mail`: refused \(HTTP 403\)/,
    );
    assert.match(text, /Assumed: Waypoints are ready/);
  });

  it('tells the five outcomes of HTTP rules without a waypoint apart', () => {
    const at = (spec: string) =>
      hover(scene(AMBIENT + policy('AuthorizationPolicy', `{selector: {matchLabels: {app: mail}}, ${spec}}`)));
    const methods = 'to: [{operation: {methods: [GET]}}]';
    assert.match(at('rules: [{from: [{source: {namespaces: [shop]}}]}]'), /\*\*Enforced\*\* at ztunnel/);
    assert.match(at(`rules: [{${methods}}]`), /\*\*Refuses everything\*\* at ztunnel.*methods/);
    assert.match(at(`action: DENY, rules: [{${methods}}]`), /\*\*No effect\*\* at ztunnel/);
    assert.match(
      at('action: DENY, rules: [{to: [{operation: {methods: [GET], ports: ["8080"]}}]}]'),
      /\*\*Broader than written\*\* at ztunnel/,
    );
    assert.match(
      at(`rules: [{${methods}}, {from: [{source: {namespaces: [shop]}}]}]`),
      /\*\*Narrower than written\*\* at ztunnel/,
    );
    assert.match(
      at(`action: AUDIT, rules: [{${methods}}]`),
      /\*\*Ignored\*\*: .*ztunnel does not support the AUDIT action/,
    );
  });

  it('says that nothing enforces what targets a Service without a waypoint', () => {
    const text = hover(scene(AMBIENT + policy('AuthorizationPolicy', BY_SERVICE.replace('cart', 'mail'))));
    assert.match(text, /\*\*Not enforced\*\*: .*Service shop\/mail has no waypoint/);
    assert.doesNotMatch(text, /lets in/);
  });

  it('speaks of PeerAuthentications and RequestAuthentications too', () => {
    const selector = '{selector: {matchLabels: {app: mail}}';
    const strict = hover(scene(AMBIENT + policy('PeerAuthentication', `${selector}, mtls: {mode: STRICT}}`)));
    assert.match(strict, /refuses what comes without mutual TLS/);
    assert.match(strict, /\*\*Enforced\*\* at ztunnel: .*from outside; plaintext is refused/);
    const tokens = hover(scene(AMBIENT + policy('RequestAuthentication', `${selector}}`)));
    assert.match(tokens, /\*\*Ignored\*\*: .*ztunnel never reads RequestAuthentications/);
  });

  it('speaks of the policies of Linkerd', () => {
    const target =
      '{targetRef: {group: policy.linkerd.io, kind: Server, name: cart-http}, requiredAuthenticationRefs: ';
    const api = 'policy.linkerd.io/v1alpha1';
    const open = hover(scene(LINKERD + policy('AuthorizationPolicy', `${target}[]}`, api)));
    assert.match(open, /requires nothing, and so lets everyone in/);
    assert.match(open, /\*\*Enforced\*\* at linkerd-proxy: requests to `Service shop\/cart:80`/);
    const missing = hover(
      scene(
        LINKERD +
          policy(
            'AuthorizationPolicy',
            `${target}[{group: policy.linkerd.io, kind: MeshTLSAuthentication, name: none}]}`,
            api,
          ),
      ),
    );
    assert.match(missing, /\*\*Ignored\*\*: .*MeshTLSAuthentication\/shop\/none not found/);
    const server = policy(
      'Server',
      '{podSelector: {matchLabels: {app: web}}, port: 8080}',
      'policy.linkerd.io/v1beta3',
    );
    assert.match(hover(scene(LINKERD + server)), /refuses what no authorization lets in/);
  });

  it('asks once where several workloads stand behind one Service', () => {
    const twin = deployment('cart').replace('name: cart,', 'name: twin,');
    const files = LINKERD.replace('---\napiVersion: policy', `---\n${twin}\n---\napiVersion: policy`);
    const target =
      '{targetRef: {group: policy.linkerd.io, kind: Server, name: cart-http}, requiredAuthenticationRefs: []}';
    const text = hover(scene(files + policy('AuthorizationPolicy', target, 'policy.linkerd.io/v1alpha1')));
    assert.match(text, /from `shop\/web` and outside: allowed\./);
    assert.equal(text.split('`Service shop/cart:80`').length, 3);
  });

  it('does not know about what the workspace does not have, unless that is all there is', () => {
    const files = AMBIENT + policy('AuthorizationPolicy', '{selector: {matchLabels: {app: none}}}');
    assert.match(hover(scene(files)), /Not known where it is enforced/);
    assert.match(hover(scene(files), { ...DEFAULT_SETTINGS, closedWorld: true }), /Enforced nowhere/);
  });

  it('stands at the kind, the name and what the policy attaches to, and nowhere else', () => {
    const file = policy('AuthorizationPolicy', BY_SERVICE).replace('$0', '');
    const at = (text: string) => hover(scene(AMBIENT + file.replace(text, `$0${text}`)));
    for (const text of ['AuthorizationPolicy', 'name: cart', 'targetRefs']) assert.match(at(text), /Enforced/);
    for (const text of ['shop', 'rules', 'apiVersion', 'web']) assert.equal(at(text), '');
  });

  it('keeps names of files from becoming markup', () => {
    const files = AMBIENT.replaceAll('namespace: shop', 'namespace: "sh`op"').replace('name: shop', 'name: "sh`op"');
    const text = enforcementText(
      files + policy('PeerAuthentication', '{}').replace('namespace: shop', 'namespace: "sh`op"'),
    );
    assert.doesNotMatch(text, /sh`op/);
  });
});

function enforcementText(marked: string): string {
  const { snapshot, file, offset } = scene(marked);
  const found = enforcementHover(snapshot, file, offset, DEFAULT_SETTINGS);
  assert.ok(found);
  return found.markdown;
}

describe('the hint of a policy', () => {
  const at = (kind: string, spec: string) => hint(scene(AMBIENT + policy(kind, spec)));

  it('names the proxy, and leads to where it is written', () => {
    assert.deepEqual(at('AuthorizationPolicy', BY_SERVICE), {
      label: 'enforced at waypoint shop/waypoint',
      place: 'waypoint.yaml',
    });
    assert.deepEqual(at('PeerAuthentication', '{selector: {matchLabels: {app: mail}}, mtls: {mode: STRICT}}'), {
      label: 'enforced at ztunnel',
      place: 'shop.yaml',
    });
    assert.deepEqual(at('PeerAuthentication', '{mtls: {mode: STRICT}}'), {
      label: 'enforced at ztunnel',
      place: undefined,
    });
  });

  it('says what becomes of a policy that does something else than it says, or nothing', () => {
    const l7 = 'rules: [{to: [{operation: {methods: [GET]}}]}]';
    const select = 'selector: {matchLabels: {app: mail}}';
    assert.equal(at('AuthorizationPolicy', `{${select}, ${l7}}`).label, 'ztunnel: refuses everything');
    assert.equal(at('AuthorizationPolicy', `{${select}, action: DENY, ${l7}}`).label, 'no effect');
    assert.equal(at('AuthorizationPolicy', BY_SERVICE.replace('cart', 'mail')).label, 'not enforced');
    assert.equal(at('RequestAuthentication', `{${select}}`).label, 'ignored');
    assert.equal(at('AuthorizationPolicy', '{selector: {matchLabels: {app: none}}}').label, 'attached to nothing here');
    assert.equal(at('AuthorizationPolicy', `{${select}, action: "{{ .Values.action }}"}`).label, 'not known');
  });

  it('stands only where it is asked for, and only at policies', () => {
    const { snapshot, file } = scene(AMBIENT + policy('AuthorizationPolicy', BY_SERVICE));
    assert.deepEqual(enforcementHints(snapshot, file, { start: 0, end: 10 }, DEFAULT_SETTINGS), []);
    const shop = snapshot.file('shop.yaml');
    assert.ok(shop);
    assert.deepEqual(enforcementHints(snapshot, shop, { start: 0, end: shop.text.length }, DEFAULT_SETTINGS), []);
  });
});
