import type { HopPath, PolicyVerdict } from '../../mesh/paths/vocabulary.ts';
import { sceneOf } from './scene.ts';

/** The paths of one request in several meshes, side by side. */
export interface Comparison {
  readonly columns: readonly string[];
  readonly rows: readonly ComparisonRow[];
}

export interface ComparisonRow {
  readonly title: string;
  /** One for each column. */
  readonly cells: readonly ComparisonCell[];
}

export interface ComparisonCell {
  readonly text: string;
  /** From the first column, to which the others are compared. */
  readonly differs: boolean;
}

export interface NamedPath {
  readonly name: string;
  readonly path: HopPath;
}

/** What the path is made of in each mesh; then the policies whose verdict is not the same in all of them. */
export function comparisonOf(paths: readonly NamedPath[]): Comparison {
  const facts: [title: string, fact: (path: HopPath) => string][] = [
    ['Outcome', (path) => sceneOf(path).outcome.text],
    ['Hops', ({ nodes }) => `${nodes.length}`],
    [
      'Hops that can decide about requests (L7)',
      ({ points }) => `${points.filter(({ layer }) => layer === 'L7').length}`,
    ],
    ['Encrypted legs in the network', encryptedText],
    ['Identity that the last proxy sees', ({ points }) => points.at(-1)?.sees.identity ?? 'none'],
  ];
  const refs = new Set(paths.flatMap(({ path }) => path.policies.map(({ ref }) => ref)));
  const verdicts = [...refs].map((ref) => rowOf(ref, paths, ({ policies }) => verdictText(policies, ref)));
  return {
    columns: paths.map(({ name }) => name),
    rows: [
      ...facts.map(([title, fact]) => rowOf(title, paths, fact)),
      ...verdicts.filter(({ cells }) => cells.some(({ differs }) => differs)),
    ],
  };
}

function rowOf(title: string, paths: readonly NamedPath[], fact: (path: HopPath) => string): ComparisonRow {
  const texts = paths.map(({ path }) => fact(path));
  return { title, cells: texts.map((text) => ({ text, differs: text !== texts[0] })) };
}

function encryptedText({ legs }: HopPath): string {
  const network = legs.filter(({ scope }) => scope === 'network');
  return network.length === 0 ? 'none' : `${network.filter(({ encrypted }) => encrypted).length} of ${network.length}`;
}

/** A policy may have more than one verdict, one for each proxy that knows it. */
function verdictText(policies: readonly PolicyVerdict[], ref: string): string {
  const verdicts = policies.filter((policy) => policy.ref === ref).map(({ verdict }) => verdict);
  return verdicts.length === 0 ? 'not named' : verdicts.join(', ');
}
