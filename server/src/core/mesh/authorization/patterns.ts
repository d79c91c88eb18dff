import { text } from '../../yaml/access.ts';
import type { YamlNode } from '../../yaml/tree.ts';
import { some, type Truth, truthOf } from '../truth.ts';

/** Whether one of a list of values fits; `fits` is asked about each that files tell. */
export function anyFits(values: readonly YamlNode[], fits: (value: string) => Truth): Truth {
  return some(values, (node) => {
    const value = text(node);
    return value === undefined ? 'unknown' : fits(value);
  });
}

/** Istio's patterns for texts: exact, `prefix*`, `*suffix`, or `*` for anything that is there. */
export function patternFits(pattern: string, value: string): boolean {
  if (pattern === '*') return value !== '';
  if (pattern.endsWith('*')) return value.startsWith(pattern.slice(0, -1));
  return pattern.startsWith('*') ? value.endsWith(pattern.slice(1)) : pattern === value;
}

/** Hosts are compared without regard to case. A pattern without a port fits the host on every port. */
export function hostFits(pattern: string, host: string): boolean {
  const [wanted, actual] = [pattern.toLowerCase(), host.toLowerCase()];
  return patternFits(wanted, actual) || (!wanted.includes(':') && patternFits(wanted, actual.replace(/:\d+$/, '')));
}

/** Paths may be templates as well: `{*}` stands for one segment, `{**}` for any number of them. */
export function pathFits(pattern: string, path: string): boolean {
  if (!pattern.includes('{*')) return patternFits(pattern, path);
  return segmentsFit(pattern.split('/'), path.split('/'));
}

function segmentsFit(pattern: readonly string[], path: readonly string[]): boolean {
  const [first, ...rest] = pattern;
  if (first === undefined) return path.length === 0;
  if (first === '{**}') {
    return path.some((_, index) => segmentsFit(rest, path.slice(index))) || rest.length === 0;
  }
  const [segment, ...others] = path;
  if (segment === undefined) return false;
  return (first === '{*}' ? segment !== '' : first === segment) && segmentsFit(rest, others);
}

export function patternTruth(pattern: string, value: string): Truth {
  return truthOf(patternFits(pattern, value));
}
