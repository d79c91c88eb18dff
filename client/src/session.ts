import type { Disposable } from 'vscode';
import { type BaseLanguageClient, type LanguageClientOptions, RevealOutputChannelOn } from 'vscode-languageclient';
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
}

interface Running {
  client: BaseLanguageClient;
  status: ServerStatus;
  redHatYaml: RedHatYaml;
}

/** Holds the running client; starts, restarts and the end wait for each other. */
export function createSession(createClient: ClientFactory): Session {
  let running: Running | undefined;
  let turn = Promise.resolve();
  const inTurn = (work: () => Promise<void>) => {
    turn = turn.then(work, work);
    return turn;
  };
  const start = async () => {
    running ??= await startServer(createClient);
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
  return {
    start: () => inTurn(start),
    restart: () => inTurn(restart),
    showOutput: () => running?.client.outputChannel.show(true),
    dispose: () => void inTurn(stop),
  };
}

async function startServer(createClient: ClientFactory): Promise<Running> {
  const redHatYaml = arrangeWithRedHatYaml(() => (client.isRunning() ? client : undefined));
  const client = createClient({
    documentSelector,
    initializationOptions: () => ({ redHatYaml: redHatYaml.state() }),
    revealOutputChannelOn: RevealOutputChannelOn.Never,
    // The status item shows a failure; a dialog would interrupt whoever only looks at some YAML.
    initializationFailedHandler: () => false,
  });
  answerFileRequests(client);
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
