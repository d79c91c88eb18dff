import { asMap, at, bool, entriesOf, entryOf, has, isTemplated, items, num, text } from '../../yaml/access.ts';
import type { YamlNode } from '../../yaml/tree.ts';

/**
 * When an earlier match takes everything that a later one would: each condition of the earlier one must follow from a
 * condition of the later one. Answers `true` only when that is certain, so templates and patterns count as different.
 */

type Maybe = YamlNode | undefined;

const TEXT_FIELDS = ['scheme', 'method', 'authority'] as const;
const MAP_FIELDS = ['headers', 'queryParams'] as const;

export function httpMatchCovers(earlier: YamlNode, later: YamlNode): boolean {
  return (
    !isTemplated(earlier) &&
    pathCovers(earlier, later) &&
    TEXT_FIELDS.every((name) => textCovers(at(earlier, name), at(later, name))) &&
    MAP_FIELDS.every((name) =>
      entriesOf(at(earlier, name)).every(({ key, value }) => entryCovers(at(later, name), key.text, value)),
    ) &&
    absenceCovers(earlier, later) &&
    connectionCovers(earlier, later)
  );
}

/** The conditions that do not need the request to be read. */
export function connectionCovers(earlier: YamlNode, later: YamlNode): boolean {
  return (
    portCovers(earlier, later) &&
    labelsCover(at(earlier, 'sourceLabels'), at(later, 'sourceLabels')) &&
    equalWhenSet(earlier, later, 'sourceNamespace') &&
    listCovers(earlier, later, 'gateways') &&
    listCovers(earlier, later, 'destinationSubnets') &&
    equalWhenSet(earlier, later, 'sourceSubnet')
  );
}

function portCovers(earlier: YamlNode, later: YamlNode): boolean {
  if (!has(earlier, 'port') || num(earlier, 'port') === 0) return true;
  const port = num(earlier, 'port');
  return port !== undefined && port === num(later, 'port');
}

function equalWhenSet(earlier: YamlNode, later: YamlNode, name: string): boolean {
  if (!has(earlier, name) || text(earlier, name) === '') return true;
  const wanted = text(earlier, name);
  return wanted !== undefined && wanted === text(later, name);
}

function labelsCover(earlier: Maybe, later: Maybe): boolean {
  return entriesOf(earlier).every(({ key, value }) => {
    const wanted = text(value);
    return wanted !== undefined && text(entryOf(later, key.text)?.value) === wanted;
  });
}

/** Items of such a list are alternatives: the later list must lie within the earlier one. */
function listCovers(earlier: YamlNode, later: YamlNode, name: string): boolean {
  if (items(earlier, name).length === 0) return !has(earlier, name) || at(earlier, name)?.kind === 'seq';
  const known = new Set(items(earlier, name).map((item) => text(item)));
  const wanted = items(later, name);
  return wanted.length > 0 && wanted.every((item) => text(item) !== undefined && known.has(text(item)));
}

function pathCovers(earlier: YamlNode, later: YamlNode): boolean {
  const path = at(earlier, 'uri');
  const prefix = text(path, 'prefix');
  if (!path || prefix === '' || prefix === '/') return true;
  const ignoresCase = bool(earlier, 'ignoreUriCase') === true;
  if (!ignoresCase && bool(later, 'ignoreUriCase') === true) return false;
  return textCovers(path, at(later, 'uri'), ignoresCase);
}

function textCovers(earlier: Maybe, later: Maybe, ignoresCase = false): boolean {
  if (!earlier) return true;
  if (!later) return false;
  const fold = (value: string | undefined) => (ignoresCase ? value?.toLowerCase() : value);
  const [exact, prefix, regex] = ['exact', 'prefix', 'regex'].map((name) => fold(text(earlier, name)));
  const laterExact = fold(text(later, 'exact'));
  if (exact !== undefined) return laterExact === exact;
  if (prefix !== undefined) return (laterExact ?? fold(text(later, 'prefix')))?.startsWith(prefix) === true;
  return regex !== undefined && text(earlier, 'regex') === text(later, 'regex');
}

/** A header or parameter: `{}` asks for presence alone, which any condition on the same name implies. */
function entryCovers(later: Maybe, name: string, earlier: YamlNode): boolean {
  const entry = entryOf(later, name);
  if (!entry) return false;
  if (asMap(earlier)?.entries.length === 0) return true;
  return textCovers(earlier, entry.value);
}

/** What must not be there: only the very same condition is certain to be implied. */
function absenceCovers(earlier: YamlNode, later: YamlNode): boolean {
  return entriesOf(at(earlier, 'withoutHeaders')).every(({ key, value }) => {
    const other = entryOf(at(later, 'withoutHeaders'), key.text)?.value;
    return other !== undefined && sameText(value, other);
  });
}

function sameText(a: YamlNode, b: YamlNode): boolean {
  return ['exact', 'prefix', 'regex'].every((name) => has(a, name) === has(b, name) && text(a, name) === text(b, name));
}
