import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { chooseRanked } from '../../../server/src/core/mesh/routing/rank.ts';
import { worldOf } from '../worldOf.ts';

interface Match {
  readonly path?: { readonly type: 'Exact' | 'PathPrefix'; readonly value: string };
  readonly method?: string;
  readonly headers?: readonly { readonly name: string; readonly value: string }[];
}
interface Route {
  readonly name: string;
  readonly rules: readonly (readonly Match[])[];
}

const manifest = ({ name, rules }: Route) =>
  JSON.stringify({
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'HTTPRoute',
    metadata: { name, namespace: 'shop' },
    spec: { rules: rules.map((matches) => (matches.length === 0 ? {} : { matches })) },
  });

const REQUEST = { host: undefined, method: 'GET', path: '/a/b', headers: { x: '1', y: '1' } };

function winner(routes: readonly Route[]) {
  const world = worldOf(...routes.map(manifest));
  const attached = world.ofKind('gateway.networking.k8s.io/HTTPRoute').map((route) => ({ route, hostRank: 0 }));
  const { rule, assume } = chooseRanked(attached, REQUEST);
  return { name: rule && `${rule.route.name} ${rule.index}`, assume };
}

const prefix = (value: string): Match => ({ path: { type: 'PathPrefix', value } });
const exact = (value: string): Match => ({ path: { type: 'Exact', value } });

describe('the choice among routes of the Gateway API', () => {
  const table: readonly [title: string, rules: Route['rules'], expected: number][] = [
    ['an exact path before a prefix', [[prefix('/a/b')], [exact('/a/b')]], 1],
    ['the longest prefix', [[prefix('/')], [prefix('/a')]], 1],
    ['a path before any number of headers', [[{ headers: [{ name: 'x', value: '1' }] }], [prefix('/a')]], 1],
    ['a method before headers', [[{ headers: [{ name: 'x', value: '1' }] }], [{ method: 'GET' }]], 1],
    ['more headers', [[{ headers: [{ name: 'x', value: '1' }] }], [{ headers: bothHeaders() }]], 1],
    ['the first of equal rules', [[prefix('/a')], [prefix('/a')]], 0],
    ['only what matches, by whole segments', [[prefix('/a/')], [prefix('/a/bc')], [exact('/a')]], 0],
    ['a rule without matches last', [[], [prefix('/a')]], 1],
  ];
  for (const [title, rules, expected] of table) {
    it(`prefers ${title}`, () => assert.equal(winner([{ name: 'web', rules }]).name, `web ${expected}`));
  }

  it('says so when the age of two routes would decide', () => {
    const routes = [
      { name: 'b', rules: [[prefix('/a')]] },
      { name: 'a', rules: [[prefix('/a')]] },
    ];
    const { name, assume } = winner(routes);
    assert.equal(name, 'a 0');
    assert.match(assume.join(), /oldest/);
  });

  it('is that of a slow reading of the rules, whatever the order of files', () => {
    fc.assert(
      fc.property(routeSets, ({ routes, shuffled }) => {
        const answer = winner(routes);
        assert.equal(answer.name, slowWinner(routes));
        assert.deepEqual(winner(shuffled), answer);
      }),
      { numRuns: 200 },
    );
  });
});

function bothHeaders(): Match['headers'] {
  return [
    { name: 'x', value: '1' },
    { name: 'y', value: '1' },
  ];
}

const paths = fc.constantFrom('/', '/a', '/a/b', '/c');
const matches: fc.Arbitrary<Match> = fc.record(
  {
    path: fc.record({ type: fc.constantFrom('Exact' as const, 'PathPrefix' as const), value: paths }),
    method: fc.constantFrom('GET', 'POST'),
    headers: fc.uniqueArray(fc.record({ name: fc.constantFrom('x', 'y', 'z'), value: fc.constantFrom('1', '2') }), {
      selector: ({ name }) => name,
      maxLength: 2,
    }),
  },
  { requiredKeys: [] },
);
const routeSets = fc
  .uniqueArray(
    fc.record({
      name: fc.constantFrom('a', 'b', 'c', 'd'),
      rules: fc.array(fc.array(matches, { maxLength: 2 }), { minLength: 1, maxLength: 3 }),
    }),
    { selector: ({ name }) => name, minLength: 1 },
  )
  .chain((routes) =>
    fc.record({ routes: fc.constant(routes), shuffled: fc.shuffledSubarray(routes, { minLength: routes.length }) }),
  );

/** Every pair of matches compared by the letter; the winner is beaten by none. */
function slowWinner(routes: readonly Route[]): string | undefined {
  const all = routes.flatMap(({ name, rules }) =>
    rules.flatMap((rule, index) => (rule.length === 0 ? [{}] : rule).map((match: Match) => ({ name, index, match }))),
  );
  const fitting = all.filter(({ match }) => fitsSlowly(match));
  const best = fitting.find((one) => fitting.every((other) => other === one || !beats(other, one)));
  return best && `${best.name} ${best.index}`;
}

function fitsSlowly({ path, method, headers = [] }: Match): boolean {
  const allowed = path?.type === 'Exact' ? ['/a/b'] : ['/', '/a', '/a/b'];
  if (path && !allowed.includes(path.value)) return false;
  if (method === 'POST') return false;
  return headers.every(({ name, value }) => name !== 'z' && value === '1');
}

interface Entry {
  readonly name: string;
  readonly index: number;
  readonly match: Match;
}

function beats(a: Entry, b: Entry): boolean {
  const [pathA, pathB] = [a.match.path ?? prefix('/').path, b.match.path ?? prefix('/').path];
  if (pathA?.type !== pathB?.type) return pathA?.type === 'Exact';
  if (pathA?.value.length !== pathB?.value.length) return (pathA?.value.length ?? 0) > (pathB?.value.length ?? 0);
  if ((a.match.method === undefined) !== (b.match.method === undefined)) return a.match.method !== undefined;
  const [headersA, headersB] = [a.match.headers?.length ?? 0, b.match.headers?.length ?? 0];
  if (headersA !== headersB) return headersA > headersB;
  if (a.name !== b.name) return a.name < b.name;
  return a.index < b.index;
}
