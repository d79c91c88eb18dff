import assert from 'node:assert/strict';
import { comparisonOf } from '../../../server/src/core/features/drawing/comparison.ts';
import type { Hypothesis } from '../../../server/src/core/mesh/paths/context.ts';
import { GET_ROOT, pathOf } from '../../mesh/paths/pathOf.ts';

const SHOP = [
  `apiVersion: v1
kind: Service
metadata: {name: cart, namespace: shop}
spec: {selector: {app: cart}, ports: [{name: http, port: 80, targetPort: 8080}]}`,
  ...['cart', 'web'].map(
    (app) => `apiVersion: apps/v1
kind: Deployment
metadata: {name: ${app}, namespace: shop}
spec: {template: {metadata: {labels: {app: ${app}}}, spec: {containers: [{name: c, ports: [{containerPort: 8080}]}]}}}`,
  ),
  `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: nobody, namespace: shop}
spec: {selector: {matchLabels: {app: cart}}}`,
];
const request = { from: 'shop/web', to: { service: 'shop/cart', port: 80 }, http: GET_ROOT };

function compared(...meshes: (Hypothesis | undefined)[]): Record<string, string[]> {
  const { columns, rows } = comparisonOf(
    meshes.map((as) => ({ name: as ?? 'as written', path: pathOf(SHOP, request, as ? { as } : {}) })),
  );
  assert.deepEqual(
    columns,
    meshes.map((as) => as ?? 'as written'),
  );
  return Object.fromEntries(
    rows.map(({ title, cells }) => [title, cells.map(({ text, differs }) => `${text}${differs ? ' *' : ''}`)]),
  );
}

describe('the comparison of meshes', () => {
  it('marks what differs from the first path', () => {
    const rows = compared(undefined, 'ambient', 'sidecar');
    assert.deepEqual(rows.Hops, ['2', '4 *', '4 *']);
    assert.deepEqual(rows['Encrypted legs in the network'], ['0 of 1', '1 of 1 *', '1 of 1 *']);
    assert.deepEqual(rows['Hops that can decide about requests (L7)'], ['0', '0', '1 *']);
    assert.match(rows.Outcome?.[1] ?? '', /^Refused at ztunnel of shop\/cart by no-ALLOW-matched.* \*$/);
  });

  it('names the policies whose verdict is another one, and no others', () => {
    const policy = 'AuthorizationPolicy/shop/nobody';
    assert.deepEqual(compared('ambient', 'linkerd')[policy]?.[0], 'enforced');
    assert.match(compared('ambient', 'linkerd')[policy]?.[1] ?? '', / \*$/);
    assert.equal(compared('ambient', 'sidecar')[policy], undefined);
  });
});
