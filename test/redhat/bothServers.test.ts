import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { after, before, describe, it } from 'mocha';
import {
  type CompletionItem,
  type CompletionList,
  type Diagnostic,
  type Hover,
  MarkupContent,
  type Position,
} from 'vscode-languageserver/node';
import { type Neighbors, sharingOf } from '../../client/src/redHatYamlPolicy.ts';
import { type RedHatYamlServer, startRedHatYaml } from '../client/redHatYamlServer.ts';
import { inSession, itemsOf, PULL } from '../protocol/session.ts';

// Both language servers on the same file, each told what the client would tell it: what the user then sees together.

const policy = {
  type: 'object',
  properties: {
    kind: { type: 'string' },
    spec: {
      type: 'object',
      additionalProperties: false,
      properties: { action: { enum: ['ALLOW'], description: 'The action, as the other schema says it.' }, rules: {} },
    },
  },
};
const deployment = {
  type: 'object',
  properties: {
    kind: { type: 'string' },
    spec: {
      type: 'object',
      additionalProperties: false,
      properties: { replicas: { type: 'integer', description: 'How many pods run.' } },
    },
  },
};
/** What a user maps onto manifests: the schema fits the kind. */
const byKind = {
  if: { properties: { kind: { const: 'Deployment' } } },
  // biome-ignore lint/suspicious/noThenProperty: the keyword of JSON schema; nobody awaits a schema.
  then: deployment,
  else: policy,
};

const MESH =
  'apiVersion: security.istio.io/v1\nkind: AuthorizationPolicy\nmetadata:\n  name: shop\n  namespace: web\nspec:\n  action: PERMIT\n  acton: ALLOW\n  \n';
const DEPLOYMENT = 'apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: shop\nspec:\n  replicas: three\n';
const MIXED = `${DEPLOYMENT}---\n${MESH}`;
const MESH_STARTS = MIXED.indexOf(MESH);
const MESH_LINE = MIXED.slice(0, MESH_STARTS).split('\n').length - 1;

const SILENT = 'meshpath://schema/silent';
const TOOLS = 'kubernetes://schema/sequence';
const MAPPED = 'mapped/*.yaml';

/** What both servers say about one file. */
interface Union {
  readonly ours: readonly Diagnostic[];
  readonly theirs: readonly Diagnostic[];
  complete(position: Position): Promise<{ ours: string[]; theirs: string[] }>;
  hover(position: Position): Promise<{ ours: string; theirs: string }>;
}

describe('Meshpath and the server of Red Hat YAML on one file', () => {
  const texts = new Map<string, string>();
  let folder: string;
  let server: RedHatYamlServer;
  let withTools: RedHatYamlServer;

  const start = (kubernetesTools: boolean) => {
    const schemas = { [pathToFileURL(path.join(folder, 'schema.json')).href]: MAPPED };
    const contributed = (uri: string) => {
      const silent = sharingOf(uri, texts.get(uri) ?? '', neighbors(kubernetesTools)) === 'own' ? [SILENT] : [];
      // The Kubernetes extension answers only for files with a kind that it knows, here the Deployment.
      const known = kubernetesTools && texts.get(uri)?.includes('kind: Deployment');
      return known ? [...silent, TOOLS] : silent;
    };
    // One schema for each document. When it gives a single one instead, that holds for the whole file, whatever we say.
    const sequence = JSON.stringify({ schemaSequence: [deployment, {}] });
    return startRedHatYaml({ schemas, contributed, content: (schema) => (schema === TOOLS ? sequence : '{}') });
  };

  before(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'meshpath-both-'));
    writeFileSync(path.join(folder, 'schema.json'), JSON.stringify(byKind));
    server = await start(false);
    withTools = await start(true);
  });

  after(() => {
    server?.stop();
    withTools?.stop();
    rmSync(folder, { recursive: true });
  });

  async function together(uri: string, text: string, kubernetesTools: boolean, test: (union: Union) => Promise<void>) {
    texts.set(uri, text);
    const theirServer = kubernetesTools ? withTools : server;
    const theirs = await theirServer.open(uri, text);
    const shared = sharingOf(uri, text, neighbors(kubernetesTools)) === 'shared' ? [uri] : [];
    const initializationOptions = { redHatYaml: { active: true, shared } };
    await inSession({ capabilities: PULL, initializationOptions }, async ({ client, open, pull }) => {
      const document = open(uri, text);
      const at = (position: Position) => ({ textDocument: { uri }, position });
      await test({
        ours: itemsOf(await pull(document)),
        theirs,
        complete: async (position) => ({
          ours: labels(await client.sendRequest('textDocument/completion', at(position))),
          theirs: await theirServer.complete(uri, position),
        }),
        hover: async (position) => ({
          ours: plain(await client.sendRequest('textDocument/hover', at(position))),
          theirs: await theirServer.hover(uri, position),
        }),
      });
    });
  }

  /** Nothing twice: no message on one range, no label, no two hovers. Returns which of the two serves the place. */
  async function assertNoDuplicates(union: Union, line: number): Promise<void> {
    const ranges = ({ range }: Diagnostic) => JSON.stringify(range);
    const twice = union.theirs.filter((theirs) => union.ours.some((ours) => ranges(ours) === ranges(theirs)));
    assert.deepEqual(twice, []);
    const offered = await union.complete({ line: line + 8, character: 2 });
    assert.deepEqual(
      offered.ours.filter((label) => offered.theirs.includes(label)),
      [],
    );
    assert.ok(offered.ours.length + offered.theirs.length > 0, 'one of the two offers something');
    const shown = await union.hover({ line: line + 6, character: 4 });
    assert.ok(shown.ours === '' || shown.theirs === '', 'one hover at most');
    assert.notEqual(shown.ours + shown.theirs, '', 'one of the two explains the key');
  }

  async function assertNeighborServed(union: Union): Promise<void> {
    assert.ok(union.theirs.some(({ range }) => range.start.line === 5));
    assert.match((await union.hover({ line: 5, character: 4 })).theirs, /How many pods run/);
  }

  for (const kubernetesTools of [false, true]) {
    const beside = kubernetesTools ? 'with Kubernetes Tools' : 'without Kubernetes Tools';

    it(`serves a mesh file once, ${beside}`, () =>
      together(`file:///work/mapped/mesh-${kubernetesTools}.yaml`, MESH, kubernetesTools, async (union) => {
        assert.ok(union.ours.some(({ code }) => code === 'unknown-field'));
        await assertNoDuplicates(union, 0);
      }));

    it(`serves a mixed file once, and its neighbor by its own schema, ${beside}`, () =>
      together(`file:///work/mapped/mixed-${kubernetesTools}.yaml`, MIXED, kubernetesTools, async (union) => {
        await assertNoDuplicates(union, MESH_LINE);
        await assertNeighborServed(union);
      }));
  }
});

function neighbors(kubernetesTools: boolean): Neighbors {
  return { kubernetesTools, schemaPatterns: [MAPPED] };
}

function labels(result: CompletionItem[] | CompletionList | null): string[] {
  return (Array.isArray(result) ? result : (result?.items ?? [])).map(({ label }) => label);
}

function plain(hover: Hover | null): string {
  return hover && MarkupContent.is(hover.contents) ? hover.contents.value : '';
}
