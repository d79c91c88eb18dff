import { type Connection, ErrorCodes, ResponseError } from 'vscode-languageserver';
import { hopPathAt } from '../core/features/hopPathAt.ts';
import type { PathContext } from '../core/mesh/paths/context.ts';
import { describeLocated } from '../core/model/located.ts';
import { coreSettings } from '../coreSettings.ts';
import { LineIndex } from '../lineIndex.ts';
import { type FileNames, pathCase } from '../pathAnswer.ts';
import {
  ACCESS_REQUEST,
  type AccessResult,
  accessParams,
  HOP_PATH_REQUEST,
  type HopPathResult,
  hopPathParams,
} from '../protocol/panel.ts';
import type { HypothesisName } from '../protocol/path.ts';
import type { Documents } from './documents.ts';
import type { FeatureContext } from './featureContext.ts';
import type { Guard } from './guard.ts';

/** The requests of our own that ask for hop paths. Answered from the texts as they are, unsaved edits included. */
export function answerHopPaths(connection: Connection, guard: Guard, context: FeatureContext): void {
  connection.onRequest(
    HOP_PATH_REQUEST,
    guard.request('meshpath/hopPath', (params: unknown) => hopPathFor(context, params)),
  );
  connection.onRequest(
    ACCESS_REQUEST,
    guard.request('meshpath/access', (params: unknown) => accessFor(context, params)),
  );
}

function hopPathFor(context: FeatureContext, input: unknown): HopPathResult {
  const params = hopPathParams.safeParse(input);
  if (!params.success) throw invalid('uri and position, or request');
  const { documents } = context;
  const { hypothesis } = params.data;
  const answer = (request: Parameters<typeof pathCase>[1]) =>
    pathCase(pathContext(context, hypothesis), request, fileNames(documents));
  if ('request' in params.data) return { case: answer(params.data.request) };
  const { uri, position } = params.data;
  const document = documents.get(uri);
  if (!document) return null;
  const offset = document.offsetAt(position);
  const settings = coreSettings(context.settings.current);
  const subject = hopPathAt(documents.snapshot(), documents.file(document), offset, settings);
  if (!subject) return null;
  const { sources, targets } = subject.choices;
  return {
    subject: describeLocated(subject.located),
    case: answer(subject.request),
    choices: { sources: [...sources], targets: [...targets] },
  };
}

function accessFor(context: FeatureContext, input: unknown): AccessResult {
  const params = accessParams.safeParse(input);
  if (!params.success) throw invalid('requests, a list');
  const paths = pathContext(context, undefined);
  const files = fileNames(context.documents);
  return { cases: params.data.requests.map((request) => pathCase(paths, request, files)) };
}

function pathContext({ documents, settings }: FeatureContext, hypothesis: HypothesisName | undefined): PathContext {
  return { world: documents.snapshot().world, settings: coreSettings(settings.current), hypothesis };
}

/** Places in answers: the lines of each file are counted once for an answer. */
function fileNames(documents: Documents): FileNames {
  const snapshot = documents.snapshot();
  const lines = new Map<string, LineIndex>();
  return {
    linesOf: (path) => {
      const known = lines.get(path) ?? new LineIndex(documents.at(path)?.getText() ?? '');
      lines.set(path, known);
      return known;
    },
    startOf: (located) => snapshot.startOf(located) ?? 0,
    shown: (path) => documents.at(path)?.uri ?? path,
  };
}

function invalid(wanted: string): ResponseError<void> {
  return new ResponseError(ErrorCodes.InvalidParams, `The parameters must give ${wanted}.`);
}
