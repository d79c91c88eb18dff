import { podsOfServer, portOfServer, SERVER, serversIn } from '../../mesh/linkerdServers.ts';
import { describeLocated, type Located } from '../../model/located.ts';
import { at, entriesOf, items, text } from '../../yaml/access.ts';
import type { YamlNode } from '../../yaml/tree.ts';
import { type Scope, workspaceCheck } from '../check.ts';

/** Two Servers for one port of the same pods. */
export const serverOverlap = workspaceCheck({
  facts: {
    code: 'server-overlap',
    severity: 'error',
    what: 'Two Linkerd Servers cover the same port of the same pods.',
    why: 'The policy controller refuses the second one where both select alike. Where they only meet on some pods, the older one holds there, and the policies of the other do nothing.',
    todo: 'Merge the Servers, or make their selectors exclude each other.',
    peers: ['LKD:server-overlap'],
    source: 'linkerd/linkerd2@edge-26.8.3:policy-controller/runtime/src/admission.rs',
  },
  kinds: [SERVER],
  run(located, scope) {
    const where = at(located.root, 'spec', 'port');
    if (!where || text(where) === undefined) return;
    for (const other of serversIn(scope.world, located.namespace)) {
      if (other.name === located.name) continue;
      const overlap = overlapOf(located, other, scope);
      if (!overlap) continue;
      scope.report(
        where,
        `${describeLocated(other)} covers this port of ${overlap.pods} as well: only one of the two counts there.`,
        {
          severity: overlap.refused ? 'error' : 'warning',
          related: [
            {
              site: { located: other, node: at(other.root, 'spec', 'port') ?? other.root },
              message: 'the other Server',
            },
          ],
        },
      );
    }
  },
});

interface Overlap {
  /** True when the policy controller sees it without looking at pods. */
  readonly refused: boolean;
  readonly pods: string;
}

function overlapOf(one: Located, other: Located, { world }: Scope): Overlap | undefined {
  const samePort = text(one.root, 'spec', 'port') === text(other.root, 'spec', 'port');
  for (const field of ['podSelector', 'externalWorkloadSelector']) {
    const [a, b] = [at(one.root, 'spec', field), at(other.root, 'spec', field)];
    if (samePort && a && b && alike(a, b)) return { refused: true, pods: 'the same pods' };
  }
  const others = new Set(podsOfServer(world, other));
  const shared = podsOfServer(world, one).find((pod) => {
    const port = portOfServer(one, pod);
    return others.has(pod) && port !== undefined && port === portOfServer(other, pod);
  });
  return shared && { refused: false, pods: `the pods of \`${shared.name}\`` };
}

/** True when one selects everything, or both say the same. */
function alike(a: YamlNode, b: YamlNode): boolean {
  const [left, right] = [selectorText(a), selectorText(b)];
  return left === EVERYTHING || right === EVERYTHING || left === right;
}

function selectorText(selector: YamlNode): string {
  const labels = entriesOf(at(selector, 'matchLabels')).map(({ key, value }) => [key.text, text(value)]);
  const expressions = items(selector, 'matchExpressions').map((expression) => [
    text(expression, 'key'),
    text(expression, 'operator'),
    ...items(expression, 'values').map((value) => text(value)),
  ]);
  return JSON.stringify([
    labels.map((label) => label.join('=')).sort(),
    expressions.map((parts) => parts.join(' ')).sort(),
  ]);
}

const EVERYTHING = JSON.stringify([[], []]);
