import { type Connection, ErrorCodes, ResponseError } from 'vscode-languageserver';
import { comparisonOf } from '../core/features/drawing/comparison.ts';
import { mermaidText } from '../core/features/drawing/mermaid.ts';
import { textOutline } from '../core/features/drawing/outline.ts';
import { sceneOf } from '../core/features/drawing/scene.ts';
import { svgText, svgTree } from '../core/features/drawing/svg.ts';
import { choicesFor, hopPathAt, type PathChoices } from '../core/features/hopPathAt.ts';
import type { PathContext } from '../core/mesh/paths/context.ts';
import { hopPath } from '../core/mesh/paths/hopPath.ts';
import type { HopPath, PathRequest } from '../core/mesh/paths/vocabulary.ts';
import { describeLocated } from '../core/model/located.ts';
import { coreSettings } from '../coreSettings.ts';
import { LineIndex } from '../lineIndex.ts';
import { caseOf, type FileNames, pathCase } from '../pathAnswer.ts';
import type { Drawing } from '../protocol/drawing.ts';
import {
  ACCESS_REQUEST,
  type AccessResult,
  accessParams,
  COMPARE_REQUEST,
  type CompareResult,
  compareParams,
  HOP_PATH_CHANGED,
  HOP_PATH_REQUEST,
  type HopPathResult,
  hopPathParams,
} from '../protocol/panel.ts';
import type { HypothesisName } from '../protocol/path.ts';
import type { Documents } from './documents.ts';
import type { FeatureContext } from './featureContext.ts';
import type { Guard } from './guard.ts';

export interface HopPaths {
  /** Something that paths depend on changed: a text, a file, settings. */
  changed(): void;
}

/** The requests of our own that ask for hop paths. Answered from the texts as they are, unsaved edits included. */
export function answerHopPaths(connection: Connection, guard: Guard, context: FeatureContext): HopPaths {
  let asked = false;
  connection.onRequest(
    HOP_PATH_REQUEST,
    guard.request('meshpath/hopPath', (params: unknown) => {
      asked = true;
      return hopPathFor(context, params);
    }),
  );
  connection.onRequest(
    ACCESS_REQUEST,
    guard.request('meshpath/access', (params: unknown) => accessFor(context, params)),
  );
  connection.onRequest(
    COMPARE_REQUEST,
    guard.request(COMPARE_REQUEST, (params: unknown) => comparisonFor(context, params)),
  );
  return {
    changed: () => {
      if (!asked) return;
      asked = false;
      void guard.run(HOP_PATH_CHANGED, () => connection.sendNotification(HOP_PATH_CHANGED));
    },
  };
}

function hopPathFor(context: FeatureContext, input: unknown): HopPathResult {
  const params = hopPathParams.safeParse(input);
  if (!params.success) throw invalid('uri and position, or request');
  const { documents } = context;
  const { hypothesis } = params.data;
  const answer = (request: PathRequest, { sources, targets }: PathChoices) => {
    const path = hopPath(pathContext(context, hypothesis), request);
    const choices = { sources: [...sources], targets: [...targets] };
    return { case: caseOf(path, fileNames(documents)), drawing: drawingOf(path), choices };
  };
  if ('request' in params.data) {
    const { request } = params.data;
    return answer(request, choicesFor(documents.snapshot().world, request));
  }
  const { uri, position } = params.data;
  const document = documents.get(uri);
  if (!document) return null;
  const offset = document.offsetAt(position);
  const settings = coreSettings(context.settings.current);
  const subject = hopPathAt(documents.snapshot(), documents.file(document), offset, settings);
  return subject ? { subject: describeLocated(subject.located), ...answer(subject.request, subject.choices) } : null;
}

/** From a narrow panel to one that is as wide as lines can be read; each is about a quarter wider than the one before. */
const WIDTHS = [288, 360, 450, 560, 700];

function drawingOf(path: HopPath): Drawing {
  const scene = sceneOf(path);
  const pictures = WIDTHS.map((width) => ({ width, root: svgTree(scene, width) }));
  return { scene, pictures, svg: svgText(scene), mermaid: mermaidText(scene), text: textOutline(scene) };
}

const MESHES: readonly (readonly [name: string, hypothesis: HypothesisName | undefined])[] = [
  ['As written', undefined],
  ['Ambient', 'ambient'],
  ['Ambient with waypoint', 'waypoint'],
  ['Sidecars', 'sidecar'],
  ['Linkerd', 'linkerd'],
  ['Cilium', 'cilium'],
];

function comparisonFor(context: FeatureContext, input: unknown): CompareResult {
  const params = compareParams.safeParse(input);
  if (!params.success) throw invalid('request');
  const { request } = params.data;
  return comparisonOf(
    MESHES.map(([name, hypothesis]) => ({ name, path: hopPath(pathContext(context, hypothesis), request) })),
  );
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
