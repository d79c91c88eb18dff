import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { complete } from '../../server/src/core/features/completion/complete.ts';
import { PATTERNS } from '../../server/src/core/features/completion/patterns.ts';
import { DEFAULT_SETTINGS } from '../../server/src/core/settings.ts';
import { applyEdits } from '../../server/src/core/yaml/edits.ts';
import { withoutStops } from '../../server/src/lsp/completion.ts';
import { accept, completions, docOf } from '../features/cursorText.ts';
import { scene } from '../features/workspaceText.ts';
import { filesUnder, ROOT } from '../sources.ts';
import { expand, stopsOf } from './expand.ts';

const VS = 'apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata:\n  name: cart\n';

function offered(marked: string): string[] {
  return completions(marked)
    .filter(({ kind }) => kind === 'pattern')
    .map(({ label }) => label);
}

/** The snippet that a pattern inserts in a workspace. */
function inserted(marked: string, typed: string): string {
  const { snapshot, file, offset } = scene(marked);
  const item = complete(snapshot, file, offset, DEFAULT_SETTINGS).find(({ label }) => label === typed);
  assert.ok(item, `${typed} is offered`);
  return item.insertText;
}

const SHOP = `#- shop/catalog.yaml
apiVersion: v1
kind: Service
metadata: {name: catalog, namespace: shop}
---
apiVersion: v1
kind: Service
metadata: {name: cart, namespace: shop}
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: storefront, namespace: shop}
---
apiVersion: v1
kind: Service
metadata: {name: ledger, namespace: pay}
`;

describe('places of snippets', () => {
  const whole = PATTERNS.filter(({ under }) => !under).map(({ typed }) => typed);

  it('of whole resources are empty documents, in an empty file and after the marker of a mesh file', () => {
    assert.deepEqual(offered('$0'), whole);
    assert.deepEqual(offered('way$0'), whole);
    assert.deepEqual(offered('# The waypoint\n---\n$0'), whole);
    assert.deepEqual(offered(`${VS}---\nway$0`), whole);
    assert.deepEqual(offered(`${VS}---\nauthz-allow-l4$0\n---\n${VS}`), whole);
  });

  it('are none in documents of others, in scalars, comments and documents that are begun', () => {
    for (const marked of [
      'services:\n  web: {}\nwaypoint$0',
      'services:\n  web: {}\n---\nwaypoint$0',
      'services:\n  $0',
      '- hosts: all\n- waypoint$0',
      `${VS}waypoint$0`,
      `${VS}spec:\n  hosts: [waypoint$0]`,
      `${VS}spec:\n  hosts:\n    - waypoint$0`,
      `${VS}  labels:\n    text: |\n      waypoint$0`,
      `${VS}# waypoint$0`,
      'kind: waypoint$0',
      '"waypoint$0"',
      '{waypoint$0}',
      `${VS}spec:\n  http: [{route-retries$0}]`,
      `${VS}---\n{{ waypoint$0`,
    ])
      assert.deepEqual(offered(marked), [], marked);
  });

  it('of fragments are where the key stands that they fill, once', () => {
    assert.deepEqual(offered(`${VS}spec:\n  http:\n    - route: []\n      $0`), [
      'route-retries',
      'route-fault',
      'route-cors',
    ]);
    assert.deepEqual(offered(`${VS}spec:\n  http:\n    - fault: {}\n      $0`), ['route-retries', 'route-cors']);
    assert.deepEqual(offered(`${VS}spec:\n  http:\n    $0`), ['route-weighted']);
    assert.deepEqual(offered(`${VS}spec:\n  http:\n    - $0`), [
      'route-retries',
      'route-fault',
      'route-cors',
      'route-weighted',
    ]);
    assert.deepEqual(offered(`${VS}spec:\n  $0`), []);
    assert.deepEqual(offered('apiVersion: v1\nkind: Namespace\nmetadata:\n  labels:\n    $0'), [
      'label-ambient',
      'label-use-waypoint',
    ]);
  });

  it('keep their indentation, with the dash there or not', () => {
    const route = [
      '    - route:',
      '        - destination:',
      '            host: my-service',
      '            subset: v1',
      '          weight: 90',
      '        - destination:',
      '            host: my-service',
      '            subset: v2',
      '          weight: 10',
    ].join('\n');
    for (const start of ['    - $0', '    $0', '    - rou$0'])
      assert.equal(
        expand(accept(`${VS}spec:\n  http:\n${start}`, 'route-weighted')),
        `${VS}spec:\n  http:\n${route}`,
        start,
      );
  });

  it('change nothing but the word that was typed, however broken the rest is', () => {
    const before = `${VS}spec:\n    hosts: [a\n  http:   # odd\n---\n`;
    const after = '\n---\n  a:   {b\n';
    const { snapshot, file, offset } = scene(`#- a.yaml\n${before}way$0${after}`);
    const items = complete(snapshot, file, offset, DEFAULT_SETTINGS).filter(({ kind }) => kind === 'pattern');
    assert.deepEqual(
      items.map(({ label }) => label),
      whole,
    );
    for (const item of items) {
      const text = applyEdits(file.text, [{ span: item.replace, text: item.insertText }, ...(item.extraEdits ?? [])]);
      assert.equal(text, before + item.insertText + file.text.slice(offset));
    }
  });

  it('are plain text with the same names for editors that know no snippets', () => {
    for (const { body } of PATTERNS) assert.equal(withoutStops(body.join('\n')), expand(body.join('\n')));
  });

  it('say in their documentation what mesh they are for', () => {
    assert.match(docOf('$0', 'waypoint') ?? '', /^Istio ambient\. /);
  });
});

describe('names in snippets', () => {
  it('are those of the namespace that the file is about', () => {
    const text = inserted(`${SHOP}#- shop/new.yaml\n$0`, 'authz-allow-l7');
    assert.match(text, /name: \$\{1\|catalog,cart\|\}-allow/);
    const neighbors =
      '#- pay/other.yaml\napiVersion: v1\nkind: ServiceAccount\nmetadata: {name: books, namespace: pay}\n';
    const near = inserted(`${SHOP}${neighbors}#- pay/new.yaml\n$0`, 'authz-allow-l7');
    assert.match(near, /name: \$\{1:ledger\}-allow/);
    assert.match(near, /namespace: \$\{2\|pay,shop\|\}/);
    assert.match(near, /sa\/\$\{4:books\}$/m);
  });

  it('are waypoints where a waypoint is asked for, and Gateways where a Gateway is', () => {
    const gateway = (name: string, className: string) =>
      `apiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\nmetadata: {name: ${name}, namespace: shop}\nspec: {gatewayClassName: ${className}}\n---\n`;
    const scene = `#- a.yaml\n${gateway('inner', 'istio-waypoint')}${gateway('outer', 'istio')}$0`;
    assert.match(inserted(scene, 'bypass-guard'), /sa\/\$\{3:inner\}$/m);
    assert.match(inserted(scene, 'httproute'), /- name: \$\{3:outer\}$/m);
  });

  it('stay what they are without a workspace, or where a name could be read as more', () => {
    assert.match(inserted('#- a.yaml\n$0', 'mtls-strict'), /namespace: \$\{1:my-namespace\}$/m);
    const odd = '#- a.yaml\napiVersion: v1\nkind: Service\nmetadata: {name: "a|}$1", namespace: shop}\n---\n$0';
    assert.match(inserted(odd, 'circuit-breaker'), /name: \$\{1:my-service\}$/m);
  });

  it('are at most a dozen', () => {
    const services = Array.from(
      { length: 40 },
      (_, at) => `apiVersion: v1\nkind: Service\nmetadata: {name: s${at}}\n---\n`,
    );
    const [service] = stopsOf(inserted(`#- a.yaml\n${services.join('')}$0`, 'circuit-breaker')).slice(1);
    assert.equal(service?.texts.length, 12);
  });
});

describe('snippets of the manifest', () => {
  it('have no prefix, with which VS Code would offer them in every place of every YAML file', () => {
    const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
    const contributed: { language: string; path: string }[] = manifest.contributes.snippets;
    assert.deepEqual(
      contributed.map(({ path }) => path.slice(2)).sort(),
      filesUnder('snippets', /\.json$/).map(({ path }) => path),
    );
    for (const { language, path } of contributed) {
      assert.equal(language, 'yaml');
      const file: Record<string, object> = JSON.parse(readFileSync(join(ROOT, path), 'utf8'));
      assert.deepEqual(
        Object.values(file).filter((snippet) => 'prefix' in snippet),
        [],
      );
    }
  });
});
