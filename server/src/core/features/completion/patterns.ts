import gatewayApi from '../../../../../snippets/gateway-api.json' with { type: 'json' };
import istio from '../../../../../snippets/istio.json' with { type: 'json' };
import kubernetes from '../../../../../snippets/kubernetes-for-meshes.json' with { type: 'json' };
import linkerd from '../../../../../snippets/linkerd.json' with { type: 'json' };
import type { KeyCursor } from '../../yaml/cursorPlace.ts';
import { type CompletionItem, fileSpan, type Request } from './item.ts';
import type { NameSource } from './names.ts';
import { withWorkspaceNames } from './patternNames.ts';
import { blanks } from './snippet.ts';

/**
 * The patterns of snippets/, where they belong: whole resources at the top of a document, fragments where the key stands
 * that they fill. What a pattern is called, what it inserts and where it may stand is in those files alone.
 */
export interface Pattern {
  readonly name: string;
  /** What a person types to get it. */
  readonly typed: string;
  readonly description: string;
  readonly body: readonly string[];
  /** Where a fragment belongs, as `group/Kind path.of.keys`, with `*` for an item of a list; absent for whole resources. */
  readonly under?: readonly string[];
}

type Path = readonly (string | number)[];

export const PATTERNS: readonly Pattern[] = [istio, linkerd, gatewayApi, kubernetes].flatMap((file) =>
  Object.entries(file as Readonly<Record<string, Omit<Pattern, 'name'>>>).map(([name, rest]) => ({ name, ...rest })),
);

const WHOLE = PATTERNS.filter(({ under }) => under === undefined);

/** Fragments by the place that they fill. */
const FRAGMENTS: ReadonlyMap<string, readonly Pattern[]> = byPlace(PATTERNS);

function byPlace(patterns: readonly Pattern[]): Map<string, Pattern[]> {
  const places = new Map<string, Pattern[]>();
  for (const pattern of patterns) {
    for (const place of pattern.under ?? []) places.set(place, [...(places.get(place) ?? []), pattern]);
  }
  return places;
}

/** Whole resources, for a document that has nothing yet. */
export function resourcePatternItems(request: Request<KeyCursor>, names: NameSource): CompletionItem[] {
  return WHOLE.map((pattern) => itemOf(request, names, pattern, pattern.body));
}

/** What can stand at `path` beside the keys that are there, in block style. */
export function fragmentItems(request: Request<KeyCursor>, path: Path, names: NameSource): CompletionItem[] {
  const { cursor, target } = request;
  const { definition } = target;
  if (!definition || cursor.style !== 'block' || cursor.hasColon) return [];
  const place = path.map((part) => (typeof part === 'number' ? '*' : part)).join('.');
  const places = [place];
  // Behind a dash that nothing follows, a whole item is as welcome as one of its keys.
  if (cursor.hasDash && cursor.siblings.size === 0) places.push(place.replace(/\.\*$/, ''));
  return places
    .flatMap((where) => FRAGMENTS.get(`${definition.group}/${definition.kind} ${where}`) ?? [])
    .filter(({ body }) => !body.some((line) => cursor.siblings.has(keyOf(line))))
    .map((pattern) => itemOf(request, names, pattern, cursor.hasDash ? withoutDash(pattern.body) : pattern.body));
}

/** The key that a line of a fragment writes beside those that are there; lines further in write none. */
function keyOf(line: string): string {
  return /^[^\s:-][^\s:]*(?=:)/.exec(line)?.[0] ?? '';
}

/** The dash of a list item is written already; what follows moves with it. */
function withoutDash(body: readonly string[]): string[] {
  return body.map((line) => line.replace(/^(?:- | {2})/, ''));
}

function itemOf(
  request: Request<KeyCursor>,
  names: NameSource,
  { name, typed }: Pattern,
  body: readonly string[],
): CompletionItem {
  const { cursor } = request;
  const lines = body.map((line, at) => (at === 0 ? line : blanks(cursor.column) + line));
  return {
    label: typed,
    kind: 'pattern',
    insertText: cursor.indentFix + withWorkspaceNames(lines.join('\n'), names),
    isSnippet: true,
    replace: fileSpan(request),
    sortText: `3${typed}`,
    detail: name,
    docId: JSON.stringify([ID, name]),
  };
}

/** Told apart from the ids of fields by their first part. */
const ID = 'pattern';

export function patternDoc([id, name]: readonly unknown[]): string | undefined {
  return id === ID ? PATTERNS.find((pattern) => pattern.name === name)?.description : undefined;
}
