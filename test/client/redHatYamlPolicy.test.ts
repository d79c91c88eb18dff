import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { matchesPattern, patternsOf, sharingOf } from '../../client/src/redHatYamlPolicy.ts';

const URI = 'file:///work/deploy/shop.yaml';
const alone = { kubernetesTools: false, schemaPatterns: [] };
const withKubernetesTools = { kubernetesTools: true, schemaPatterns: [] };
const mapped = { kubernetesTools: false, schemaPatterns: ['deploy/*.yaml'] };

const mesh = 'apiVersion: security.istio.io/v1\nkind: PeerAuthentication\n';
const route = 'apiVersion: "gateway.networking.k8s.io/v1"\nkind: HTTPRoute\n';
const linkerd = '{"apiVersion": "policy.linkerd.io/v1beta3", "kind": "Server"}\n';
const core = 'apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  labels:\n    istio.io/rev: stable\n';
const list = 'apiVersion: v1\nkind: List\nitems:\n  - apiVersion: security.istio.io/v1\n    kind: PeerAuthentication\n';

describe('sharing a file with Red Hat YAML', () => {
  it('leaves alone what holds no mesh resource', () => {
    assert.equal(sharingOf(URI, core, mapped), 'none');
    assert.equal(sharingOf(URI, '', mapped), 'none');
    assert.equal(sharingOf(URI, '# apiVersion: security.istio.io/v1\n', mapped), 'none');
    assert.equal(sharingOf(URI, 'apiVersion: notistio.io/v1\n', mapped), 'none');
  });

  it('takes a file whose resources are all of a mesh, whatever is mapped onto it', () => {
    for (const neighbors of [alone, withKubernetesTools, mapped]) {
      assert.equal(sharingOf(URI, `# why\n---\n${mesh}---\n${route}...\n---\n${linkerd}---\n`, neighbors), 'own');
    }
  });

  it('takes a mixed file when nothing serves the other resources, or when the schemas are joined', () => {
    assert.equal(sharingOf(URI, `${core}---\n${mesh}`, alone), 'own');
    assert.equal(sharingOf(URI, `${core}---\n${mesh}`, withKubernetesTools), 'own');
    assert.equal(sharingOf(URI, `${core}---\n${mesh}`, { ...alone, schemaPatterns: ['other/*.yaml'] }), 'own');
  });

  it('shares a mixed file that has a schema, so that the other resources keep it', () => {
    assert.equal(sharingOf(URI, `${core}---\n${mesh}`, mapped), 'shared');
    assert.equal(sharingOf(URI, `${mesh}---\r\n${core}`.replaceAll('\n', '\r\n'), mapped), 'shared');
    assert.equal(sharingOf(URI, list, mapped), 'shared');
  });

  it('shares a file that names its own schema, unless it names none', () => {
    assert.equal(
      sharingOf(URI, `# yaml-language-server: $schema=https://example.com/a.json\n${mesh}`, alone),
      'shared',
    );
    assert.equal(sharingOf(URI, `# $schema: ./a.json\n${mesh}`, alone), 'shared');
    assert.equal(sharingOf(URI, `# yaml-language-server: $schema=none\n${mesh}`, mapped), 'own');
  });
});

describe('patterns of yaml.schemas', () => {
  it('match anywhere before the end, and a star crosses folders', () => {
    for (const pattern of ['*.yaml', 'shop.yaml', '/deploy/*', '*', 'deploy/*shop.yaml', URI]) {
      assert.ok(matchesPattern(pattern, URI), pattern);
    }
    for (const pattern of ['*.yml', 'shop', 'deploy/*/shop.yaml', '*shop.yaml*.yaml', 'shop.yaml*shop.yaml']) {
      assert.ok(!matchesPattern(pattern, URI), pattern);
    }
  });

  it('are read from single values and lists', () => {
    assert.deepEqual(patternsOf({ kubernetes: ['a/*', 'b.yaml'], 'https://example.com/x.json': 'c.yaml', bad: 3 }), [
      'a/*',
      'b.yaml',
      'c.yaml',
    ]);
    assert.deepEqual(patternsOf(undefined), []);
  });
});
