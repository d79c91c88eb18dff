// Layer 5: one file per editor feature. A feature reads a snapshot and gives plain data with offsets.
import { type Freshness, workspaceProblems } from '../checks/run.ts';
import { applySuppressions } from '../checks/suppressions.ts';
import { LIMIT_CODES, SYNTAX_MESSAGES, UNREADABLE_FILE, YAML_SYNTAX } from '../checks/syntax.ts';
import type { SourceDocument, SourceFile } from '../model/file.ts';
import type { Located } from '../model/located.ts';
import type { Resource } from '../model/resource.ts';
import { isChartTemplate, type Snapshot } from '../model/workspace.ts';
import { isKnownGroup } from '../schema/catalog.ts';
import type { CheckFacts, Problem, RuleContext } from '../schema/rule.ts';
import { unknownKindProblem } from '../schema/unknownKind.ts';
import { validateResource } from '../schema/validateResource.ts';
import type { CoreSettings } from '../settings.ts';

/**
 * A problem with the resource it is about; spans are offsets in the document, which starts at `start` in the file. The
 * resource is put in front of the problem's own fields: a field behind a clone costs V8 a hidden class for each object.
 */
export interface Diagnostic extends Problem {
  readonly resource: Resource | undefined;
}

export interface DocumentDiagnostics {
  readonly start: number;
  readonly document: SourceDocument;
  readonly diagnostics: readonly Diagnostic[];
}

/** What a document's diagnostics depend on beside its text. */
interface Cached {
  readonly settings: CoreSettings;
  readonly partial: boolean;
  readonly diagnostics: readonly Diagnostic[];
}

const cache = new WeakMap<SourceDocument, Cached>();

/** The diagnostics of one file, by document. Documents that did not change since the last call cost nothing. */
export function diagnose(
  snapshot: Snapshot,
  file: SourceFile,
  settings: CoreSettings,
  freshness: Freshness = 'now',
): DocumentDiagnostics[] {
  if (file.refused)
    return [
      { start: 0, document: EMPTY, diagnostics: refusal(file).flatMap((found) => withSeverity(found, settings)) },
    ];
  const patch = snapshot.isPatch(file.path);
  const template = isChartTemplate(file.path);
  return file.documents.map(({ start, document }) => {
    const last = wholes.get(document);
    if (freshness === 'last-known' && last?.parts.settings === settings && last.parts.patch === patch)
      return { start, document, diagnostics: last.diagnostics };
    const partial = patch || document.parsed.actions.length > 0;
    const own = diagnosticsOf(document, settings, partial, template);
    if (freshness === 'alone') return { start, document, diagnostics: suppressed(document, own, settings) };
    const further = snapshot
      .locatedIn(file.path, document)
      .map((located) => workspaceDiagnostics(located, snapshot, settings, freshness));
    return { start, document, diagnostics: together(document, { settings, patch, own, further }) };
  });
}

/** What the diagnostics of a document are put together from. */
interface Parts {
  readonly settings: CoreSettings;
  readonly patch: boolean;
  readonly own: readonly Diagnostic[];
  /** For each of its resources. */
  readonly further: readonly (readonly Diagnostic[])[];
}

/** What was put together last for a document. */
interface Whole {
  readonly parts: Parts;
  readonly diagnostics: readonly Diagnostic[];
}

const wholes = new WeakMap<SourceDocument, Whole>();

function together(document: SourceDocument, parts: Parts): readonly Diagnostic[] {
  const last = wholes.get(document);
  if (last && areSameParts(last.parts, parts)) return last.diagnostics;
  const { settings, own, further } = parts;
  const added = further.flat();
  const all = added.length === 0 ? own : [...own, ...added].sort((a, b) => a.span.start - b.span.start);
  const diagnostics = suppressed(document, all, settings);
  wholes.set(document, { parts, diagnostics });
  return diagnostics;
}

function areSameParts(a: Parts, b: Parts): boolean {
  return (
    a.settings === b.settings &&
    a.patch === b.patch &&
    a.own === b.own &&
    a.further.length === b.further.length &&
    a.further.every((list, index) => list === b.further[index])
  );
}

function suppressed(
  document: SourceDocument,
  all: readonly Diagnostic[],
  settings: CoreSettings,
): readonly Diagnostic[] {
  const kept = applySuppressions<Diagnostic>(
    document.text,
    all,
    (problem) => ({ resource: document.resources[0], ...problem }),
    (code) => settings.checks.get(code) === 'off',
  );
  return kept === all ? all : kept.flatMap((diagnostic) => withSeverity(diagnostic, settings));
}

/** What the rest of the workspace says about a resource. Resources that do not parse are judged by nobody. */
function workspaceDiagnostics(
  located: Located,
  snapshot: Snapshot,
  settings: CoreSettings,
  freshness: Freshness,
): readonly Diagnostic[] {
  if (located.document.parsed.problems.length > 0) return NONE;
  const problems = workspaceProblems(located, () => snapshot.world, settings, freshness);
  if (problems.length === 0) return NONE;
  let found = furtherDiagnostics.get(problems);
  if (!found) {
    found = problems.flatMap((problem) => withSeverity({ resource: located.resource, ...problem }, settings));
    furtherDiagnostics.set(problems, found);
  }
  return found;
}

const NONE: readonly Diagnostic[] = [];
/** The same as long as the problems are, so that whoever made something of them can keep that. */
const furtherDiagnostics = new WeakMap<readonly Problem[], readonly Diagnostic[]>();

const EMPTY: SourceDocument = { text: '', parsed: { text: '', root: null, problems: [], actions: [] }, resources: [] };

function diagnosticsOf(
  document: SourceDocument,
  settings: CoreSettings,
  partial: boolean,
  template: boolean,
): readonly Diagnostic[] {
  const known = cache.get(document);
  if (known && known.settings === settings && known.partial === partial) return known.diagnostics;
  // Broken YAML is recovered for completion and hover; judging what was recovered would only repeat the one fault.
  const readable = document.parsed.problems.length === 0;
  const found = readable
    ? document.resources.flatMap((resource) => resourceDiagnostics(resource, document, settings, partial))
    : syntaxDiagnostics(document, settings, template);
  const diagnostics = found
    .flatMap((diagnostic) => withSeverity(diagnostic, settings))
    .sort((a, b) => a.span.start - b.span.start);
  cache.set(document, { settings, partial, diagnostics });
  return diagnostics;
}

function resourceDiagnostics(
  resource: Resource,
  document: SourceDocument,
  settings: CoreSettings,
  partial: boolean,
): Diagnostic[] {
  const { definition } = resource;
  if (!definition) {
    const problem = isKnownGroup(resource.group)
      ? unknownKindProblem(resource.root, resource.group, resource.kind)
      : undefined;
    return problem ? [{ resource, ...problem }] : [];
  }
  const context: RuleContext = {
    group: resource.group,
    version: resource.version,
    kind: resource.kind,
    namespace: resource.namespace,
    name: resource.name,
    targets: settings.targets,
    root: resource.root,
    text: document.text,
    partial,
  };
  return validateResource(definition, resource.root, document.text, context).map((problem) => ({
    resource,
    ...problem,
  }));
}

/** Looks like one of our resources even when it cannot be parsed far enough to tell. */
const MESH_API_VERSION =
  /apiVersion["']?\s*:\s*["']?[\w.-]*(?:istio\.io|linkerd\.io|gateway\.networking\.(?:x-)?k8s\.io|split\.smi-spec\.io)\//;

/** One slip makes a parser stumble again and again; what it says later is rarely news. */
const MAX_SYNTAX_PROBLEMS = 10;

function syntaxDiagnostics(document: SourceDocument, settings: CoreSettings, template: boolean): Diagnostic[] {
  const { problems, actions } = document.parsed;
  if (!MESH_API_VERSION.test(document.text)) return [];
  const result: Diagnostic[] = [];
  for (const problem of problems.slice(0, MAX_SYNTAX_PROBLEMS)) {
    const limit = LIMIT_CODES.has(problem.code);
    if (!limit && (!settings.syntaxErrors || actions.length > 0 || template)) continue;
    result.push(
      plain(limit ? UNREADABLE_FILE : YAML_SYNTAX, SYNTAX_MESSAGES[problem.code], problem.start, problem.end),
    );
  }
  return result;
}

function refusal(file: SourceFile): Diagnostic[] {
  if (!MESH_API_VERSION.test(file.text)) return [];
  const message =
    file.refused === 'too-large'
      ? 'Files of more than 8 MiB are not analyzed.'
      : 'Files of more than 60,000 documents are not analyzed.';
  return [plain(UNREADABLE_FILE, message, 0, file.text.codePointAt(0) === file.text.charCodeAt(0) ? 1 : 2)];
}

function plain(facts: CheckFacts, message: string, start: number, end: number): Diagnostic {
  return {
    code: facts.code,
    severity: facts.severity,
    message,
    span: { start, end },
    peers: facts.peers ?? [],
    fixes: [],
    related: [],
    resource: undefined,
  };
}

function withSeverity(diagnostic: Diagnostic, settings: CoreSettings): Diagnostic[] {
  const severity = settings.checks.get(diagnostic.code);
  if (severity === 'off' || (severity === undefined && diagnostic.optIn)) return [];
  return [severity === undefined ? diagnostic : { ...diagnostic, severity }];
}
