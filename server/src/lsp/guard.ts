import {
  type CancellationToken,
  type Connection,
  ErrorCodes,
  LSPErrorCodes,
  ResponseError,
} from 'vscode-languageserver';
import type { Quiet } from './quiet.ts';

/** Wraps handlers so that no fault of ours ends the server or reaches the user as an error dialog. */
export interface Guard {
  /** A request: an exception is logged and answered with null. Protocol errors pass. */
  request<P, R>(
    name: string,
    handler: (params: P, token: CancellationToken) => R | Promise<R>,
  ): (params: P, token: CancellationToken) => Promise<R | null>;
  /** A notification: an exception is logged. */
  notification<P>(name: string, handler: (params: P) => void | Promise<void>): (params: P) => Promise<void>;
  /** Work that no message asked for. */
  run(name: string, work: () => void | Promise<void>): Promise<void>;
}

export function createGuard(connection: Connection, quiet: Quiet): Guard {
  const log = (name: string, error: unknown) => {
    const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
    connection.console.error(`${name} failed: ${detail}`);
  };
  const run: Guard['run'] = async (name, work) => {
    try {
      await work();
    } catch (error) {
      log(name, error);
    }
  };
  return {
    run,
    request: (name, handler) => async (params, token) => {
      quiet.touch();
      if (token.isCancellationRequested) throw cancelled();
      try {
        return await handler(params, token);
      } catch (error) {
        if (error instanceof ResponseError) throw error;
        log(name, error);
        return null;
      }
    },
    notification: (name, handler) => (params) => {
      quiet.touch();
      return run(name, () => handler(params));
    },
  };
}

export function cancelled(): ResponseError<void> {
  return new ResponseError(LSPErrorCodes.RequestCancelled, 'The request was cancelled.');
}

/** The request makes sense, but what it asks for must not be done; the client shows the reason. */
export function refused(reason: string): ResponseError<void> {
  return new ResponseError(LSPErrorCodes.RequestFailed, reason);
}

/** Clients are programs of other people: what they send is looked at before it is used. */
export function requireTextDocument(params: unknown): void {
  const document: unknown = isObject(params) ? params.textDocument : undefined;
  if (!isObject(document) || typeof document.uri !== 'string') {
    throw new ResponseError(ErrorCodes.InvalidParams, 'The parameters must name a document: textDocument.uri.');
  }
}

export function requirePosition(params: unknown): void {
  requireTextDocument(params);
  if (!isObject(params) || !isPosition(params.position)) {
    throw new ResponseError(
      ErrorCodes.InvalidParams,
      'The parameters must give a position: line and character, zero or more.',
    );
  }
}

export function requireRange(params: unknown): void {
  requireTextDocument(params);
  const range: unknown = isObject(params) ? params.range : undefined;
  if (!isObject(range) || !isPosition(range.start) || !isPosition(range.end)) {
    throw new ResponseError(ErrorCodes.InvalidParams, 'The parameters must give a range: start and end.');
  }
}

function isPosition(value: unknown): boolean {
  return isObject(value) && isIndex(value.line) && isIndex(value.character);
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function isIndex(value: unknown): boolean {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0;
}
