import {
  type Enforcement,
  enforcementOf,
  type Finding,
  isEnforceable,
  targetName,
} from '../../mesh/passing/enforcement.ts';
import type { PathContext } from '../../mesh/paths/context.ts';
import type { Outcome, PathRequest } from '../../mesh/paths/vocabulary.ts';
import type { SourceFile } from '../../model/file.ts';
import type { Located } from '../../model/located.ts';
import { locatedAt } from '../../model/references/atOffset.ts';
import type { Snapshot } from '../../model/workspace.ts';
import { escapeMarkdown } from '../../schema/documentation.ts';
import type { CoreSettings } from '../../settings.ts';
import { scalarAt } from '../../yaml/scalarAt.ts';
import type { Span } from '../../yaml/span.ts';
import { meaningOf } from './meaning.ts';
import { listed, placesOf, shortened, verdictWords } from './words.ts';

export interface EnforcementHover {
  /** In offsets of the file. */
  readonly span: Span;
  readonly markdown: string;
}

/** Where the policy at an offset is enforced; undefined where the cursor is at none of the parts that decide that. */
export function enforcementHover(
  snapshot: Snapshot,
  file: SourceFile,
  offset: number,
  settings: CoreSettings,
): EnforcementHover | undefined {
  const located = locatedAt(snapshot, file, offset);
  const start = located && snapshot.startOf(located);
  if (!located || start === undefined || !isEnforceable(located)) return undefined;
  const found = scalarAt(located.root, offset - start);
  if (!found || !decides(found.path)) return undefined;
  const context: PathContext = { world: snapshot.world, settings, hypothesis: undefined };
  return {
    span: { start: start + found.scalar.start, end: start + found.scalar.end },
    markdown: enforcementMarkdown(located, enforcementOf(context, located), settings),
  };
}

const ATTACHMENTS = new Set(['selector', 'targetRef', 'targetRefs', 'podSelector', 'server', 'port']);

/** The kind, the name, and what says where the policy attaches. */
function decides([first, second]: readonly (string | number)[]): boolean {
  if (first === 'kind') return second === undefined;
  if (first === 'metadata') return second === 'name';
  return first === 'spec' && typeof second === 'string' && ATTACHMENTS.has(second);
}

const MOST_FINDINGS = 6;
const MOST_ASSUMED = 3;

/** The same in Markdown, for the hover and as the tooltip of the hint. */
export function enforcementMarkdown(policy: Located, enforcement: Enforcement, settings: CoreSettings): string {
  const { findings, answers, assume, partial } = enforcement;
  if (findings.length === 0) return nothingFound(answers.length > 0, settings);
  const asked = answers.map(({ request }) => request);
  const lines = findings.slice(0, MOST_FINDINGS).map((finding) => `- ${findingLine(finding, asked)}`);
  const meaning = isActing(findings[0]) ? meaningOf(policy) : undefined;
  return [
    ...(meaning === undefined ? [] : [meaning]),
    lines.join('\n'),
    ...(findings.length > MOST_FINDINGS ? [`${findings.length - MOST_FINDINGS} more ways past it or through it.`] : []),
    ...(partial ? ['It is about more than this; what is shown are the first.'] : []),
    ...answerLines(enforcement),
    ...(assume.length > 0 ? [`Assumed: ${assume.slice(0, MOST_ASSUMED).map(escapeMarkdown).join(' ')}`] : []),
  ].join('\n\n');
}

function isActing(finding: Finding | undefined): boolean {
  return finding?.verdict.verdict === 'enforced' || finding?.verdict.verdict === 'degraded';
}

function nothingFound(asked: boolean, { closedWorld }: CoreSettings): string {
  if (asked) return '**Not known where it is enforced**: none of the requests that could pass it meets it.';
  return closedWorld
    ? '**Enforced nowhere**: it is about nothing that exists.'
    : '**Not known where it is enforced**: the workspace has nothing that it is about.';
}

/** `**Enforced** at waypoint shop/waypoint: requests to Service shop/cart:80, from shop/web`, and why. */
function findingLine(finding: Finding, asked: readonly PathRequest[]): string {
  const places = placesOf(finding);
  const words = verdictWords(finding);
  const head = `**${words.charAt(0).toUpperCase()}${words.slice(1)}**${where(finding, places)}`;
  const { reason } = finding.verdict;
  return `${head}: ${requestWords(finding.requests, asked)}${reason === null ? '' : `; ${escapeMarkdown(reason)}`}.`;
}

/** Where it would be, for what is bypassed; a policy that is ignored is nowhere. */
function where({ verdict }: Finding, places: readonly string[]): string {
  if (places.length === 0) return '';
  const names = escapeMarkdown(listed(places));
  return verdict.verdict === 'bypassed' ? ` (${names})` : ` at ${names}`;
}

const MOST_NAMES = 3;

function requestWords(requests: readonly PathRequest[], asked: readonly PathRequest[]): string {
  const targets = new Set(requests.map(({ to }) => targetName(to)));
  const froms = new Set(requests.map(({ from }) => from));
  const possible = asked.filter(({ to }) => targets.has(targetName(to)));
  const to = shortened([...targets].map(code), MOST_NAMES);
  const isAll = froms.size > 1 && possible.every((request) => requests.includes(request));
  const from = isAll ? 'whoever asks' : `from ${shortened([...froms].map(callerName), MOST_NAMES)}`;
  return `requests to ${to}, ${from}`;
}

function callerName(from: string): string {
  return from === 'outside' || from === 'kubelet' ? from : code(from);
}

/** Names come from files of anybody: no mark of theirs may end the code. */
function code(text: string): string {
  return `\`${text.replace(/[\s`]+/g, ' ')}\``;
}

/** What becomes of the requests to one target with all other policies, by client. */
function answerLines({ answers }: Enforcement): string[] {
  const [first] = answers;
  if (!first) return [];
  const same = answers.filter(({ request }) => targetName(request.to) === targetName(first.request.to));
  const byOutcome = new Map<string, string[]>();
  for (const { request, outcome } of same) {
    const words = outcomeWords(outcome);
    byOutcome.set(words, [...(byOutcome.get(words) ?? []), callerName(request.from)]);
  }
  const { http, to } = first.request;
  const what = `${http ? code(`${http.method} ${http.path}`) : 'a connection'} to ${code(targetName(to))}`;
  const parts = [...byOutcome].map(([words, callers]) => `${shortened(callers, MOST_NAMES)}: ${words}`);
  return [`With everything else that decides, ${what} from ${parts.join('; from ')}.`];
}

function outcomeWords({ result, signal }: Outcome): string {
  if (result === 'allow') return 'allowed';
  if (result === 'unknown') return 'not known';
  return signal === undefined ? 'refused' : `refused (${escapeMarkdown(signal)})`;
}
