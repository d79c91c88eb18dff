import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { after, before, describe, it } from 'mocha';
import { sharingOf } from '../../client/src/redHatYamlPolicy.ts';
import { type RedHatYamlServer, startRedHatYaml } from './redHatYamlServer.ts';

// A schema that knows Deployments alone, as a user would map it onto a folder of manifests.
const deployments = {
  type: 'object',
  additionalProperties: false,
  properties: {
    apiVersion: { type: 'string' },
    kind: { enum: ['Deployment'] },
    metadata: { type: 'object' },
    spec: {
      type: 'object',
      additionalProperties: false,
      properties: { replicas: { type: 'integer', description: 'How many pods run.' } },
    },
  },
};
const MAPPED = 'mapped/*.yaml';

const mesh = 'apiVersion: security.istio.io/v1\nkind: PeerAuthentication\nspec:\n  mtls:\n    mode: STRICT\n  \n';
const deployment = 'apiVersion: apps/v1\nkind: Deployment\nspec:\n  replicas: three\n';

describe('the server of Red Hat YAML, asked for schemas the way Meshpath answers', () => {
  const texts = new Map<string, string>();
  let folder: string;
  let server: RedHatYamlServer;
  let withoutMeshpath: RedHatYamlServer;

  before(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'meshpath-schema-'));
    const file = path.join(folder, 'deployments.json');
    writeFileSync(file, JSON.stringify(deployments));
    const schemas = { [pathToFileURL(file).href]: MAPPED };
    const neighbors = { kubernetesTools: false, schemaPatterns: [MAPPED] };
    const contributed = (uri: string) => {
      const silent = sharingOf(uri, texts.get(uri) ?? '', neighbors) === 'own';
      return silent ? ['meshpath://schema/silent'] : [];
    };
    server = await startRedHatYaml({ schemas, contributed, content: () => '{}' });
    withoutMeshpath = await startRedHatYaml({ schemas, contributed: () => [], content: () => '{}' });
  });

  after(() => {
    server?.stop();
    withoutMeshpath?.stop();
    rmSync(folder, { recursive: true });
  });

  const open = (which: RedHatYamlServer, uri: string, text: string) => {
    texts.set(uri, text);
    return which.open(uri, text);
  };

  it('says nothing about a file of mesh resources, which it would refuse otherwise', async () => {
    const uri = 'file:///srv/mapped/mesh.yaml';
    assert.notDeepEqual(await open(withoutMeshpath, uri, mesh), []);
    assert.notDeepEqual(await withoutMeshpath.complete(uri, { line: 5, character: 2 }), []);
    assert.deepEqual(await open(server, uri, mesh), []);
    assert.deepEqual(await server.complete(uri, { line: 5, character: 2 }), []);
    assert.equal(await server.hover(uri, { line: 3, character: 4 }), '');
  });

  it('still reports what is no YAML', async () => {
    const [problem] = await open(server, 'file:///srv/mapped/broken.yaml', `${mesh}a: [1\n`);
    assert.ok(problem);
    assert.equal(problem.source, 'YAML');
  });

  it('keeps its schema for the neighbors of a mesh resource', async () => {
    const uri = 'file:///srv/mapped/mixed.yaml';
    const problems = await open(server, uri, `${deployment}---\n${mesh}`);
    assert.ok(problems.some(({ range }) => range.start.line === 3));
    assert.match(await server.hover(uri, { line: 3, character: 4 }), /How many pods run/);
  });

  it('says nothing about a mixed file that it has no schema for', async () => {
    const uri = 'file:///work/elsewhere/mixed.yaml';
    assert.deepEqual(await open(server, uri, `${deployment}---\n${mesh}`), []);
    assert.equal(await server.hover(uri, { line: 3, character: 4 }), '');
  });
});
