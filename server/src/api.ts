import { type CheckDiagnostic, type CheckResult, checkDiagnostic, type Range } from './checkAnswer.ts';
import { diagnose } from './core/features/diagnostics.ts';
import { type Snapshot, Workspace } from './core/model/workspace.ts';
import type { RelatedPlace } from './core/schema/rule.ts';
import type { Span } from './core/yaml/span.ts';
import { coreSettings } from './coreSettings.ts';
import { LineIndex } from './lineIndex.ts';
import { type FileNames, pathCase } from './pathAnswer.ts';
import { type AccessAnswer, type PathAnswer, type PathRequestJson, readRequests } from './protocol/path.ts';
import type { RouteAnswer, RouteRequestJson } from './protocol/route.ts';
import { readSettings, type Settings } from './protocol/settings.ts';
import { readRouteRequest, routeAnswer } from './routeAnswer.ts';

// The library: pure functions over texts, without disk or network. `dist/api.js` is built from here.

export type { CheckDiagnostic, CheckResult, Range } from './checkAnswer.ts';
export type { AccessAnswer, PathAnswer, PathCase, PathRequestJson } from './protocol/path.ts';

export type { RouteAnswer, RouteRequestJson } from './protocol/route.ts';

export interface InputFile {
  /** How the answer names the file; also decides what is a Kustomize patch or a chart template. */
  readonly path: string;
  readonly text: string;
}

export interface InputWorkspace {
  readonly files: readonly InputFile[];
}

/**
 * Checks a workspace. Answers in the order of the files' paths and of the positions in them; the same input gives the
 * same answer. Rejects with a `TypeError` when the settings are not valid, naming the setting.
 */
export async function check(workspace: InputWorkspace, settings: unknown = {}): Promise<CheckResult> {
  const core = coreSettings(settingsOf(settings));
  const snapshot = snapshotOf(workspace);
  const linesOf = linesIn(snapshot);
  const ordered = [...snapshot.files].sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
  let resources = 0;
  const diagnostics: CheckDiagnostic[] = [];
  const relatedPlace = ({ span, message, elsewhere }: RelatedPlace, path: string, rangeOf: (span: Span) => Range) => {
    if (!elsewhere) return { file: path, range: rangeOf(span), message };
    const lines = linesOf(elsewhere.path);
    const start = snapshot.startOf(elsewhere) ?? 0;
    const at = (offset: number) => lines.positionAt(start + offset);
    return { file: elsewhere.path, range: { start: at(span.start), end: at(span.end) }, message };
  };
  for (const file of ordered) {
    const lines = linesOf(file.path);
    for (const { start, document, diagnostics: all } of diagnose(snapshot, file, core)) {
      resources += document.resources.length;
      const rangeOf = (span: { start: number; end: number }): Range => ({
        start: lines.positionAt(start + span.start),
        end: lines.positionAt(start + span.end),
      });
      for (const found of all) {
        diagnostics.push(
          checkDiagnostic(
            found,
            file.path,
            rangeOf(found.span),
            found.related.map((part) => relatedPlace(part, file.path, rangeOf)),
          ),
        );
      }
    }
  }
  return { schema: 'meshpath-check/v1', files: ordered.length, resources, diagnostics };
}

/**
 * The hop path of each request: its legs, who sees what, which policy decides where, and the outcome. One case for each
 * request, in their order; a request that names nothing in the workspace has the outcome `unknown` and a note that says
 * why. Rejects with a `TypeError` that names the place when a request or the settings are not valid.
 */
export async function hopPath(
  workspace: InputWorkspace,
  requests: readonly PathRequestJson[],
  settings: unknown = {},
): Promise<PathAnswer> {
  return { schema: 'meshpath-path/v1', cases: casesOf(workspace, requests, settings) };
}

/** Whether each request is allowed, by what, and why: the same cases as those of `hopPath`. */
export async function access(
  workspace: InputWorkspace,
  requests: readonly PathRequestJson[],
  settings: unknown = {},
): Promise<AccessAnswer> {
  return { schema: 'meshpath-access/v1', cases: casesOf(workspace, requests, settings) };
}

/**
 * Which rule of which route wins for a request by its host, and where it sends it; `match` is null where none does.
 * Rejects with a `TypeError` that names the part when the request or the settings are not valid.
 */
export async function route(
  workspace: InputWorkspace,
  request: RouteRequestJson,
  settings: unknown = {},
): Promise<RouteAnswer> {
  settingsOf(settings);
  const asked = readRouteRequest(request);
  const snapshot = snapshotOf(workspace);
  return routeAnswer(snapshot.world, asked, filesOf(snapshot));
}

function casesOf(workspace: InputWorkspace, requests: unknown, settings: unknown): PathAnswer['cases'] {
  const core = coreSettings(settingsOf(settings));
  const asked = readRequests(requests);
  const snapshot = snapshotOf(workspace);
  const files = filesOf(snapshot);
  const context = { world: snapshot.world, settings: core, hypothesis: undefined };
  return asked.map((request) => pathCase(context, request, files));
}

function filesOf(snapshot: Snapshot): FileNames {
  return {
    linesOf: linesIn(snapshot),
    startOf: (located) => snapshot.startOf(located) ?? 0,
    shown: (path) => path,
  };
}

function settingsOf(settings: unknown): Settings {
  const read = readSettings(settings);
  if (read.problems.length > 0) throw new TypeError(read.problems.join('; '));
  return read.settings;
}

function snapshotOf(workspace: InputWorkspace): Snapshot {
  const files = new Workspace();
  for (const file of workspace.files) files.setFile(file.path, file.text);
  return files.snapshot();
}

function linesIn(snapshot: Snapshot): (path: string) => LineIndex {
  const indexes = new Map<string, LineIndex>();
  return (path) => {
    let index = indexes.get(path);
    if (!index) {
      index = new LineIndex(snapshot.file(path)?.text ?? '');
      indexes.set(path, index);
    }
    return index;
  };
}
