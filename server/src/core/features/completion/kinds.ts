import { currentApiVersion, currentVersion, KINDS, kindFor, rootVersions } from '../../schema/catalog.ts';
import { apiVersionOf, type KindDefinition, splitApiVersion } from '../../schema/kind.ts';
import { isNewer, PROJECT_NAMES } from '../../schema/releases.ts';
import { rootShape } from '../../schema/validateResource.ts';
import type { KeyCursor, ValueCursor } from '../../yaml/cursorPlace.ts';
import { linesOf } from '../../yaml/lines.ts';
import type { Edit } from '../../yaml/span.ts';
import { type CompletionItem, fileSpan, type Request } from './item.ts';
import { blockKeySnippet } from './snippet.ts';
import { blankBefore } from './values.ts';

/** Choosing what a document is: apiVersion and kind as one choice, and whole skeletons for empty documents. */

function offeredKinds(request: Request): KindDefinition[] {
  const { targets } = request.settings;
  return KINDS.filter(
    (definition) =>
      definition.project !== 'kubernetes' &&
      !isNewer(definition.since, definition.project, targets) &&
      !(definition.channel === 'experimental' && targets.gatewayApi.channel === 'standard'),
  );
}

/** Several groups have an AuthorizationPolicy or a Gateway; those are told apart by their group. */
function labelOf(definition: KindDefinition, among: readonly KindDefinition[]): string {
  const shared = among.some((other) => other.kind === definition.kind && other.group !== definition.group);
  return shared ? `${definition.kind} (${definition.group})` : definition.kind;
}

/** A new document: each kind with its frame and what it requires. */
export function skeletonItems(request: Request<KeyCursor>): CompletionItem[] {
  const known = offeredKinds(request);
  return known.map((definition) => ({
    label: labelOf(definition, known),
    kind: 'snippet',
    insertText: skeleton(definition),
    isSnippet: true,
    replace: fileSpan(request),
    filterText: definition.kind,
    sortText: `5${definition.kind}${definition.group}`,
    detail: currentApiVersion(definition),
    docId: JSON.stringify([definition.group, definition.kind, currentVersion(definition), ['kind']]),
  }));
}

function skeleton(definition: KindDefinition): string {
  const apiVersion = currentApiVersion(definition);
  const body = rootShape(definition, currentVersion(definition)).fields.get(definition.body ?? 'spec');
  const head = `apiVersion: ${apiVersion}\nkind: ${definition.kind}\nmetadata:\n  name: \${100:name}\n`;
  if (!body) return head;
  // Tab stops of the body come after the name, which is the first thing a user writes.
  const spec = blockKeySnippet(body, 0).replace(
    /\$(\{?)(\d+)/g,
    (_, brace: string, stop: string) => `$${brace}${stop === '0' ? '0' : Number(stop) + 1}`,
  );
  return head.replace('${100:name}', '${1:name}') + spec;
}

/** Values of `apiVersion`: for a kind that is given, its versions; else every kind with its version, as one choice. */
export function apiVersionItems(request: Request<ValueCursor>): CompletionItem[] {
  const { kind } = request.target;
  const blank = blankBefore(request.cursor);
  const named = offeredKinds(request).filter((definition) => definition.kind === kind);
  if (kind !== undefined && named.length > 0) {
    return named.flatMap((definition) =>
      rootVersions(definition).map(([version, facts], at) => ({
        label: apiVersionOf(definition.group, version),
        kind: 'value' as const,
        insertText: blank + apiVersionOf(definition.group, version),
        isSnippet: false,
        replace: fileSpan(request),
        sortText: `${facts.deprecated === undefined ? '0' : '9'}${definition.group}${at}`,
        detail: facts.deprecated === undefined ? definition.kind : 'deprecated',
        ...(facts.deprecated === undefined ? {} : { deprecated: true }),
      })),
    );
  }
  const json = request.cursor.style !== 'block' || request.cursor.quote !== '';
  return offeredKinds(request)
    .map((definition) => {
      const apiVersion = currentApiVersion(definition);
      const withKind = kind === undefined && !json;
      return {
        label: withKind ? `${apiVersion} · ${definition.kind}` : apiVersion,
        kind: 'kind' as const,
        insertText: blank + (withKind ? `${apiVersion}\nkind: ${definition.kind}` : apiVersion),
        isSnippet: false,
        replace: fileSpan(request),
        filterText: withKind ? `${apiVersion} ${definition.kind}` : apiVersion,
        sortText: `1${apiVersion}${definition.kind}`,
        detail: PROJECT_NAMES[definition.project],
        docId: JSON.stringify([definition.group, definition.kind, currentVersion(definition), ['kind']]),
      };
    })
    .filter((item, at, all) => all.findIndex((other) => other.label === item.label) === at);
}

/** Values of `kind`: those of the group that is given; else every kind, setting the apiVersion with it. */
export function kindItems(request: Request<ValueCursor>): CompletionItem[] {
  const { apiVersion } = request.target;
  const group = apiVersion === undefined ? undefined : splitApiVersion(apiVersion).group;
  const known = offeredKinds(request);
  const inGroup = known.filter((definition) => definition.group === group);
  const offered = inGroup.length > 0 ? inGroup : apiVersion === undefined ? known : [];
  return offered.map((definition) => {
    const extraEdits = apiVersionEdits(request, definition);
    return {
      label: labelOf(definition, offered),
      kind: 'kind' as const,
      insertText: blankBefore(request.cursor) + definition.kind,
      isSnippet: false,
      replace: fileSpan(request),
      sortText: `1${definition.kind}`,
      detail: inGroup.length > 0 ? definition.group : currentApiVersion(definition),
      ...(extraEdits.length > 0 ? { extraEdits } : {}),
      docId: JSON.stringify([definition.group, definition.kind, currentVersion(definition), ['kind']]),
    };
  });
}

/** Brings the apiVersion in line with a chosen kind: adds the line, or sets a version that serves the kind. */
function apiVersionEdits(request: Request<ValueCursor>, definition: KindDefinition): Edit[] {
  const { apiVersion } = request.target;
  const right = currentApiVersion(definition);
  const lines = linesOf(request.text);
  if (apiVersion === undefined) {
    const own = lines.findLast((line) => line.start <= request.cursor.replace.start);
    if (
      !own ||
      request.cursor.style !== 'block' ||
      lines.some((line) => line.marks[0]?.kind === 'key' && line.marks[0].key === 'apiVersion')
    )
      return [];
    const at = request.start + own.start;
    return [{ span: { start: at, end: at }, text: `apiVersion: ${right}\n` }];
  }
  if (kindFor(apiVersion, definition.kind)?.versions[splitApiVersion(apiVersion).version]?.served) return [];
  for (const line of lines) {
    const mark = line.marks[0];
    if (mark?.kind !== 'key' || mark.key !== 'apiVersion' || mark.value !== apiVersion) continue;
    const from = request.text.indexOf(apiVersion, mark.valueStart);
    return [{ span: { start: request.start + from, end: request.start + from + apiVersion.length }, text: right }];
  }
  return [];
}
