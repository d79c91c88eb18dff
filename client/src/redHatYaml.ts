import { type Disposable, extensions, type TextDocument, workspace } from 'vscode';
import type { BaseLanguageClient } from 'vscode-languageclient';
import { RED_HAT_YAML_NOTIFICATION, type RedHatYamlState } from '../../server/src/protocol/redHatYaml.ts';
import { type Neighbors, patternsOf, type Sharing, sharingOf } from './redHatYamlPolicy.ts';

const RED_HAT_YAML = 'redhat.vscode-yaml';
const KUBERNETES_TOOLS = 'ms-kubernetes-tools.vscode-kubernetes-tools';
const SETTLE_MS = 200;

/** Red Hat YAML finds the contributor of a schema by the scheme of its address. */
const CONTRIBUTOR = 'meshpath';
const SILENT_SCHEMA = `${CONTRIBUTOR}://schema/silent`;

/** The part of the interface of Red Hat YAML that is used here. */
interface SchemaContributors {
  registerContributor(
    name: string,
    requestSchema: (uri: string) => string | undefined,
    requestSchemaContent: (schema: string) => string,
  ): boolean;
}

export interface RedHatYaml extends Disposable {
  state(): RedHatYamlState;
}

/** Arranges with Red Hat YAML, if it is there or comes later, and tells the server how things stand when they change. */
export function arrangeWithRedHatYaml(client: () => BaseLanguageClient | undefined): RedHatYaml {
  let reported = '';
  let timer: ReturnType<typeof setTimeout> | undefined;
  const state = (): RedHatYamlState => {
    const active = isActive();
    const current = { active, shared: active ? sharedDocuments() : [] };
    reported = JSON.stringify(current);
    return current;
  };
  const report = () => {
    const before = reported;
    const current = state();
    // A client that is not running yet has no use for it: it takes the state along when it starts.
    if (reported !== before)
      void client()
        ?.sendNotification(RED_HAT_YAML_NOTIFICATION, current)
        .catch(() => undefined);
  };
  const settle = () => {
    clearTimeout(timer);
    timer = setTimeout(report, SETTLE_MS);
  };
  const subscriptions = [
    workspace.onDidOpenTextDocument(settle),
    workspace.onDidCloseTextDocument(settle),
    workspace.onDidChangeTextDocument(settle),
    workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration('yaml.schemas') || event.affectsConfiguration('meshpath.redHatYaml')) settle();
    }),
    extensions.onDidChange(() => {
      void contribute();
      settle();
    }),
  ];
  void contribute();
  return {
    state,
    dispose: () => {
      clearTimeout(timer);
      for (const subscription of subscriptions) subscription.dispose();
    },
  };
}

/** Offers Red Hat YAML a schema that allows everything and knows nothing, for the files that Meshpath serves. */
async function contribute(): Promise<void> {
  const extension = extensions.getExtension<SchemaContributors | undefined>(RED_HAT_YAML);
  // It starts with the first YAML document, as Meshpath does: this waits for it rather than causing it.
  const contributors = await extension?.activate().then(undefined, () => undefined);
  // A second registration under the same name is refused, so asking again does no harm.
  contributors?.registerContributor(CONTRIBUTOR, schemaFor, () => '{}');
}

function schemaFor(uri: string): string | undefined {
  if (!isActive()) return undefined;
  const document = workspace.textDocuments.find((open) => open.uri.toString() === uri);
  return document && sharing(document) === 'own' ? SILENT_SCHEMA : undefined;
}

/** Whether it is installed and enabled, and the user wants an arrangement with it. */
function isActive(): boolean {
  const wanted = workspace.getConfiguration('meshpath').get<string>('redHatYaml', 'auto') !== 'off';
  return wanted && extensions.getExtension(RED_HAT_YAML) !== undefined;
}

function sharedDocuments(): string[] {
  return workspace.textDocuments
    .filter((document) => document.languageId === 'yaml' && sharing(document) === 'shared')
    .map((document) => document.uri.toString())
    .sort();
}

function sharing(document: TextDocument): Sharing {
  return sharingOf(document.uri.toString(), document.getText(), neighborsOf(document));
}

function neighborsOf(document: TextDocument): Neighbors {
  return {
    kubernetesTools: extensions.getExtension(KUBERNETES_TOOLS) !== undefined,
    schemaPatterns: patternsOf(workspace.getConfiguration('yaml', document.uri).get('schemas')),
  };
}
