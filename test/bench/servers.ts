import { copyFileSync, cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { kubernetesDefinitions } from './declaredModels.ts';
import { combinedSchema, type JsonSchema, type KindSchema, meshSchemas } from './jsonSchema.ts';

/** How a language server is started and configured. */
export interface ServerSetup {
  readonly name: string;
  /** What it was given, for the report. */
  readonly description: string;
  /** The script that Node runs, and its arguments. */
  readonly script: readonly string[];
  /** What the client answers when asked for a section of its settings. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** It reads the files of the workspace by itself; others know only what a client opens. */
  readonly readsWorkspace?: true;
  /** Sent once the server is initialized. */
  readonly notification?: string;
  /** Folders that stand for addresses on the network: the client answers requests for them. */
  readonly contents: readonly { readonly address: string; readonly folder: string }[];
}

const root = path.resolve(import.meta.dirname, '../..');
const modules = path.join(root, 'node_modules');
const peer = path.join(modules, 'yaml-language-server');
export const PEER_VERSION: string = JSON.parse(readFileSync(path.join(peer, 'package.json'), 'utf8')).version;

const KUBERNETES = 'https://raw.githubusercontent.com/yannh/kubernetes-json-schema/master/v1.34.1-standalone-strict/';
const CATALOG = 'https://raw.githubusercontent.com/datreeio/CRDs-catalog/main';

/** Us, the peer as its users run it, and the peer in the quickest set-up we could think of, which nobody runs. */
export function prepareServers(folder: string): [ServerSetup, ...ServerSetup[]] {
  const schemas = writeSchemas(path.join(folder, 'schemas'));
  // A copy, because a build that is started while we measure would change the file under the run.
  const ours = path.join(folder, 'server.cjs');
  copyFileSync(path.join(root, 'dist/server.cjs'), ours);
  return [
    {
      name: 'meshpath',
      description: 'dist/server.cjs, without any settings',
      script: [ours, '--stdio'],
      settings: {},
      readsWorkspace: true,
      contents: [],
    },
    {
      name: 'peer',
      description:
        `yaml-language-server ${PEER_VERSION} as users run it: the kubernetes schema ` +
        `(${schemas.definitions} definitions, the stable APIs of kubernetes-models) and a CRD catalog ` +
        `(${schemas.kinds} schemas of mesh kinds, made from our definitions), both answered from local files`,
      script: [path.join(peer, 'bin/yaml-language-server'), '--stdio'],
      settings: peerSettings({ kubernetes: '*.yaml' }, true),
      notification: 'yaml/registerContentRequest',
      contents: [
        { address: KUBERNETES, folder: schemas.kubernetes },
        { address: `${CATALOG}/`, folder: schemas.catalog },
      ],
    },
    {
      name: 'peer-fastest',
      description:
        `yaml-language-server ${PEER_VERSION} with one local schema for the mesh kinds alone, ` +
        'and its fixed delay of 200 ms before validation taken out of a copy',
      script: [path.join(withoutDelay(folder), 'bin/yaml-language-server'), '--stdio'],
      settings: peerSettings({ [schemas.combined]: '*.yaml' }, false),
      contents: [],
    },
  ];
}

function peerSettings(schemas: Readonly<Record<string, string>>, catalog: boolean): ServerSetup['settings'] {
  return {
    yaml: {
      validate: true,
      hover: true,
      completion: true,
      schemas,
      schemaStore: { enable: false },
      kubernetesCRDStore: { enable: catalog, url: CATALOG },
    },
    editor: { tabSize: 2, detectIndentation: true },
  };
}

interface WrittenSchemas {
  readonly kubernetes: string;
  readonly catalog: string;
  readonly combined: string;
  readonly definitions: number;
  readonly kinds: number;
}

/** The files behind the peer's addresses, in the layout that it expects there. */
function writeSchemas(folder: string): WrittenSchemas {
  const kubernetes = path.join(folder, 'kubernetes');
  const definitions = kubernetesDefinitions(modules);
  const references = Object.keys(definitions).map((name) => ({ $ref: `_definitions.json#/definitions/${name}` }));
  writeJson(path.join(kubernetes, '_definitions.json'), { definitions });
  writeJson(path.join(kubernetes, 'all.json'), { oneOf: references });

  const catalog = path.join(folder, 'catalog');
  const kinds = meshSchemas();
  for (const kind of kinds) writeJson(path.join(catalog, catalogPath(kind)), kind.schema);

  const combined = path.join(folder, 'mesh.json');
  writeJson(combined, combinedSchema(kinds));
  return { kubernetes, catalog, combined, definitions: references.length, kinds: kinds.length };
}

function catalogPath({ definition, version }: KindSchema): string {
  return path.join(definition.group, `${definition.kind.toLowerCase()}_${version}.json`);
}

function writeJson(file: string, schema: JsonSchema): void {
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, JSON.stringify(schema));
}

/** A copy of the peer that validates at once; it finds its dependencies where the original does. */
function withoutDelay(folder: string): string {
  const copy = path.join(folder, 'yaml-language-server');
  cpSync(peer, copy, { recursive: true });
  symlinkSync(modules, path.join(folder, 'node_modules'), 'dir');
  const file = path.join(copy, 'out/src/yamlSettings.js');
  const source = readFileSync(file, 'utf8');
  const patched = source.replace('this.validationDelayMs = 200', 'this.validationDelayMs = 0');
  if (patched === source) throw new Error('The delay of yaml-language-server is not where it was.');
  writeFileSync(file, patched);
  return copy;
}
