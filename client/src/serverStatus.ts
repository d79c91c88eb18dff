import { type Disposable, type DocumentSelector, LanguageStatusSeverity, languages } from 'vscode';
import { type BaseLanguageClient, State } from 'vscode-languageclient';

export type ServerStatus = Disposable;

/** Shows the state of the server beside the language of the file, where VS Code keeps such things. */
export function createServerStatus(client: BaseLanguageClient, selector: DocumentSelector): ServerStatus {
  const item = languages.createLanguageStatusItem('meshpath.server', selector);
  item.name = 'Meshpath';
  const show = (state: State) => {
    const stopped = state === State.Stopped || state === State.StartFailed;
    item.busy = state === State.Starting;
    item.severity = stopped ? LanguageStatusSeverity.Error : LanguageStatusSeverity.Information;
    item.text = stopped ? 'Meshpath stopped' : 'Meshpath';
    item.detail = stopped ? 'the language server is not running' : undefined;
    item.command = stopped
      ? { title: 'Restart', command: 'meshpath.restartServer' }
      : { title: 'Show Output', command: 'meshpath.showOutput' };
  };
  show(State.Starting);
  const subscription = client.onDidChangeState(({ newState }) => show(newState));
  return {
    dispose: () => {
      subscription.dispose();
      item.dispose();
    },
  };
}
