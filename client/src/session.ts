import { type Disposable, type Event, EventEmitter } from 'vscode';
import { type BaseLanguageClient, type LanguageClientOptions, RevealOutputChannelOn } from 'vscode-languageclient';
import {
  COMPARE_REQUEST,
  type CompareParams,
  type CompareResult,
  compareResult,
  HOP_PATH_CHANGED,
  HOP_PATH_REQUEST,
  type HopPathParams,
  type HopPathResult,
  hopPathResult,
} from '../../server/src/protocol/panel.ts';
import { documentSelector } from './documents.ts';
import { answerFileRequests } from './files.ts';
import { arrangeWithRedHatYaml, type RedHatYaml } from './redHatYaml.ts';
import { createServerStatus, type ServerStatus } from './serverStatus.ts';

/** Makes a client that is not started yet. */
export type ClientFactory = (options: LanguageClientOptions) => BaseLanguageClient;

/** The one language server of a window. */
export interface Session extends Disposable {
  /** Starts the server unless it runs. */
  start(): Promise<void>;
  restart(): Promise<void>;
  showOutput(): void;
  /** Writes a line to the output. */
  log(line: string): void;
  /** Asks the server, which is started if it does not run yet. */
  hopPath(params: HopPathParams): Promise<HopPathResult>;
  compareHopPaths(params: CompareParams): Promise<CompareResult>;
  readonly onHopPathChanged: Event<void>;
}

interface Running {
  client: BaseLanguageClient;
  status: ServerStatus;
  redHatYaml: RedHatYaml;
}

/** Holds the running client; starts, restarts and the end wait for each other. */
export function createSession(createClient: ClientFactory): Session {
  const hopPathChanged = new EventEmitter<void>();
  let running: Running | undefined;
  let turn = Promise.resolve();
  const inTurn = (work: () => Promise<void>) => {
    turn = turn.then(work, work);
    return turn;
  };
  const start = async () => {
    running ??= await startServer(createClient, () => hopPathChanged.fire());
  };
  const stop = async () => {
    const previous = running;
    running = undefined;
    if (previous) await stopServer(previous);
  };
  const restart = async () => {
    await stop();
    await start();
  };
  const ask = async (request: string, params: object): Promise<unknown> => {
    await inTurn(start);
    if (!running) throw new Error('the language server is not running');
    return running.client.sendRequest(request, params);
  };
  return {
    start: () => inTurn(start),
    restart: () => inTurn(restart),
    showOutput: () => running?.client.outputChannel.show(true),
    log: (line) => running?.client.warn(line, undefined, false),
    hopPath: async (params) => hopPathResult.parse(await ask(HOP_PATH_REQUEST, params)),
    compareHopPaths: async (params) => compareResult.parse(await ask(COMPARE_REQUEST, params)),
    onHopPathChanged: hopPathChanged.event,
    dispose: () => {
      hopPathChanged.dispose();
      void inTurn(stop);
    },
  };
}

async function startServer(createClient: ClientFactory, hopPathChanged: () => void): Promise<Running> {
  const redHatYaml = arrangeWithRedHatYaml(() => (client.isRunning() ? client : undefined));
  const client = createClient({
    documentSelector,
    initializationOptions: () => ({ redHatYaml: redHatYaml.state(), hopPathPanel: true }),
    // The client asks about other tabs at leisure, and forgets to when one of them is turned to meanwhile.
    diagnosticPullOptions: { onChange: true, onFocus: true },
    revealOutputChannelOn: RevealOutputChannelOn.Never,
    // The status item shows a failure; a dialog would interrupt whoever only looks at some YAML.
    initializationFailedHandler: () => false,
  });
  answerFileRequests(client);
  client.onNotification(HOP_PATH_CHANGED, hopPathChanged);
  const status = createServerStatus(client, documentSelector);
  // A server that does not start shows in the status item, with the way to its output.
  await client.start().catch(() => undefined);
  return { client, status, redHatYaml };
}

async function stopServer({ client, status, redHatYaml }: Running): Promise<void> {
  status.dispose();
  redHatYaml.dispose();
  // Stopping a client whose server never came up rejects, and then there is nothing left to stop.
  await client.dispose().catch(() => undefined);
}
