import { type ChildProcess, spawn } from 'node:child_process';
import path from 'node:path';
import {
  type CompletionItem,
  type CompletionList,
  createProtocolConnection,
  type Diagnostic,
  type Hover,
  MarkupContent,
  type Position,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-languageserver/node';

/** The language server of Red Hat YAML, with this test in the place of its extension. */
export interface RedHatYamlServer {
  /** Opens a document and waits for the messages about it. */
  open(uri: string, text: string): Promise<Diagnostic[]>;
  /** The labels it offers. */
  complete(uri: string, position: Position): Promise<string[]>;
  /** What its hover says, empty when there is none. */
  hover(uri: string, position: Position): Promise<string>;
  stop(): void;
}

export interface RedHatYamlOptions {
  /** The `yaml.schemas` setting. */
  schemas: Record<string, string>;
  /** Answers of the contributors for a document, as the extension collects them. */
  contributed: (uri: string) => string[];
  /** The content of a contributed schema. */
  content: (schema: string) => string;
}

const script = path.resolve('node_modules/yaml-language-server/bin/yaml-language-server');

/** Starts the server the way its extension does, without the network. */
export async function startRedHatYaml(options: RedHatYamlOptions): Promise<RedHatYamlServer> {
  const child = spawn(process.execPath, [script, '--stdio'], { stdio: ['pipe', 'pipe', 'inherit'] });
  const connection = connect(child);
  const waiting = new Map<string, (diagnostics: Diagnostic[]) => void>();
  const settings: Record<string, unknown> = {
    yaml: { schemas: options.schemas, schemaStore: { enable: false }, validate: true, hover: true, completion: true },
  };
  connection.onRequest('workspace/configuration', ({ items }: { items: { section: string }[] }) =>
    items.map(({ section }) => settings[section] ?? {}),
  );
  connection.onRequest('client/registerCapability', () => null);
  connection.onRequest('custom/schema/request', options.contributed);
  connection.onRequest('custom/schema/content', options.content);
  connection.onNotification('textDocument/publishDiagnostics', ({ uri, diagnostics }) =>
    waiting.get(uri)?.(diagnostics),
  );
  connection.listen();
  await connection.sendRequest('initialize', {
    processId: process.pid,
    rootUri: null,
    capabilities: { workspace: { configuration: true }, textDocument: { completion: {}, hover: {} } },
  });
  await connection.sendNotification('initialized', {});
  await connection.sendNotification('yaml/registerCustomSchemaRequest');
  await connection.sendNotification('workspace/didChangeConfiguration', { settings });
  return {
    open: (uri, text) =>
      new Promise((resolve, reject) => {
        waiting.set(uri, resolve);
        const textDocument = { uri, languageId: 'yaml', version: 1, text };
        connection.sendNotification('textDocument/didOpen', { textDocument }).catch(reject);
      }),
    complete: async (uri, position) =>
      labels(await connection.sendRequest('textDocument/completion', at(uri, position))),
    hover: async (uri, position) => plain(await connection.sendRequest('textDocument/hover', at(uri, position))),
    stop: () => {
      connection.dispose();
      child.kill();
    },
  };
}

function connect({ stdin, stdout }: ChildProcess) {
  if (!stdin || !stdout) throw new Error('The server has no pipes.');
  return createProtocolConnection(new StreamMessageReader(stdout), new StreamMessageWriter(stdin));
}

function at(uri: string, position: Position) {
  return { textDocument: { uri }, position };
}

function labels(result: CompletionItem[] | CompletionList | null): string[] {
  return (Array.isArray(result) ? result : (result?.items ?? [])).map(({ label }) => label);
}

function plain(hover: Hover | null): string {
  if (!hover) return '';
  if (!MarkupContent.is(hover.contents)) throw new Error('The hover has another form than markup.');
  return hover.contents.value;
}
