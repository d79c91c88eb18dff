import { asScalar, bool, entriesOf, isTemplated, items, num, text } from '../../yaml/access.ts';
import type { MapNode, YamlNode } from '../../yaml/tree.ts';
import { hostWithin } from './hosts.ts';

/**
 * When an earlier match takes everything that a later one would: each condition of the earlier one must follow from a
 * condition of the later one. The answer is `true` only when that is certain, so templates and patterns count as different.
 * Matches are read once into plain data, because every pair of them is compared.
 */

/** `present` asks for the header or parameter alone; `unknown` comes from a template. */
interface TextCondition {
  readonly kind: 'exact' | 'prefix' | 'regex' | 'present' | 'unknown';
  readonly value: string;
}

export interface MatchConditions {
  path: TextCondition | undefined;
  ignoresCase: boolean;
  /** Texts of the request by where they stand: `method`, `headers.x-user`. */
  readonly texts: Map<string, TextCondition>;
  /** What has to be equal: port, labels and namespace of the client, headers that must be absent. */
  readonly equal: Map<string, string>;
  /** Alternatives, of which one has to hold: gateways, subnets. */
  readonly anyOf: Map<string, ReadonlySet<string>>;
  /** Names in the TLS handshake, with wildcards. */
  sniHosts: readonly string[];
  /** False when a template makes a condition that we cannot read. */
  certain: boolean;
}

const KINDS = ['exact', 'prefix', 'regex'] as const;
const NO_CONDITION = new Set(['name', 'statPrefix']);

/** Reads one item of `match`, of whichever kind of rule. */
export function readMatch(match: MapNode): MatchConditions {
  const read: MatchConditions = {
    path: undefined,
    ignoresCase: bool(match, 'ignoreUriCase') === true,
    texts: new Map(),
    equal: new Map(),
    anyOf: new Map(),
    sniHosts: [],
    certain: true,
  };
  for (const { key, value } of entriesOf(match)) readField(read, key.text, value);
  return read;
}

function readField(read: MatchConditions, name: string, value: YamlNode): void {
  if (isTemplated(value) && !NO_CONDITION.has(name)) read.certain = false;
  switch (name) {
    case 'uri':
      read.path = pathCondition(value);
      if (read.path?.kind === 'unknown') read.certain = false;
      break;
    case 'scheme':
    case 'method':
    case 'authority':
      addText(read, name, value);
      break;
    case 'headers':
    case 'queryParams':
      for (const entry of entriesOf(value)) addText(read, `${name}.${entry.key.text}`, entry.value);
      break;
    case 'withoutHeaders':
      for (const entry of entriesOf(value))
        addEqual(read, `${name}.${entry.key.text}`, JSON.stringify(textCondition(entry.value)));
      break;
    case 'sourceLabels':
      for (const entry of entriesOf(value)) addEqual(read, `${name}.${entry.key.text}`, text(entry.value));
      break;
    case 'port':
      if (num(value) !== 0) addEqual(read, name, asScalar(value) && String(num(value)));
      break;
    case 'sourceNamespace':
    case 'sourceSubnet':
      if (text(value) !== '') addEqual(read, name, text(value));
      break;
    case 'gateways':
    case 'destinationSubnets':
      if (items(value).length > 0) read.anyOf.set(name, new Set(knownTexts(read, value)));
      break;
    case 'sniHosts':
      read.sniHosts = knownTexts(read, value);
      break;
    case 'ignoreUriCase':
      break;
    default:
      if (!NO_CONDITION.has(name)) read.certain = false;
  }
}

function addText(read: MatchConditions, where: string, value: YamlNode): void {
  const condition = textCondition(value);
  if (condition.kind === 'unknown') read.certain = false;
  read.texts.set(where, condition);
}

function addEqual(read: MatchConditions, where: string, value: string | undefined): void {
  if (value === undefined) read.certain = false;
  else read.equal.set(where, value);
}

function knownTexts(read: MatchConditions, list: YamlNode): string[] {
  const texts = items(list).map((item) => text(item));
  if (texts.includes(undefined)) read.certain = false;
  return texts.flatMap((value) => value ?? []);
}

function textCondition(value: YamlNode): TextCondition {
  const entries = entriesOf(value);
  if (entries.length === 0) return { kind: isTemplated(value) ? 'unknown' : 'present', value: '' };
  for (const kind of KINDS) {
    const wanted = text(value, kind);
    if (wanted !== undefined) return { kind, value: wanted };
  }
  return { kind: 'unknown', value: '' };
}

/** Every path begins with a slash, so such a prefix is no condition. */
function pathCondition(value: YamlNode): TextCondition | undefined {
  const condition = textCondition(value);
  const isEverything =
    condition.kind === 'present' ||
    (condition.kind === 'prefix' && (condition.value === '' || condition.value === '/'));
  return isEverything ? undefined : condition;
}

export function matchCovers(earlier: MatchConditions, later: MatchConditions): boolean {
  if (!earlier.certain || !pathFollows(earlier, later)) return false;
  for (const [where, wanted] of earlier.texts) if (!textFollows(wanted, later.texts.get(where))) return false;
  for (const [where, wanted] of earlier.equal) if (later.equal.get(where) !== wanted) return false;
  for (const [where, allowed] of earlier.anyOf) if (!liesIn(later.anyOf.get(where), allowed)) return false;
  if (earlier.sniHosts.length === 0) return true;
  return (
    later.sniHosts.length > 0 &&
    later.sniHosts.every((host) => earlier.sniHosts.some((other) => hostWithin(host, other)))
  );
}

function pathFollows(earlier: MatchConditions, later: MatchConditions): boolean {
  if (!earlier.path) return true;
  if (!earlier.ignoresCase) return !later.ignoresCase && textFollows(earlier.path, later.path);
  return textFollows(folded(earlier.path), later.path && folded(later.path));
}

function folded(condition: TextCondition): TextCondition {
  return condition.kind === 'regex' ? condition : { kind: condition.kind, value: condition.value.toLowerCase() };
}

function textFollows(earlier: TextCondition, later: TextCondition | undefined): boolean {
  if (!later) return false;
  switch (earlier.kind) {
    case 'present':
      return true;
    case 'prefix':
      return (later.kind === 'exact' || later.kind === 'prefix') && later.value.startsWith(earlier.value);
    case 'unknown':
      return false;
    default:
      return later.kind === earlier.kind && later.value === earlier.value;
  }
}

function liesIn(inner: ReadonlySet<string> | undefined, outer: ReadonlySet<string>): boolean {
  return inner !== undefined && [...inner].every((value) => outer.has(value));
}
