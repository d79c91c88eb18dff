import { enrolmentOf } from '../../mesh/enrolment.ts';
import {
  type Direction,
  HBONE_PORT,
  isPortOpen,
  limits,
  NETWORK_POLICY,
  opensPort,
  peerWorkloads,
  selectsPod,
} from '../../mesh/networkPolicies.ts';
import type { Located } from '../../model/located.ts';
import type { Workload } from '../../model/workloads.ts';
import type { Fix } from '../../schema/rule.ts';
import { at, items } from '../../yaml/access.ts';
import { columnOf, newlineOf } from '../../yaml/edits.ts';
import type { YamlNode } from '../../yaml/tree.ts';
import { type Scope, workspaceCheck } from '../check.ts';
import { workloadList } from './phrases.ts';

/** A NetworkPolicy that knows the ports of applications and not that of the mesh. */
export const networkPolicyBlocksHbone = workspaceCheck({
  facts: {
    code: 'network-policy-blocks-hbone',
    severity: 'error',
    what: 'A NetworkPolicy for pods in ambient mode lists ports without 15008.',
    why: 'On the wire all traffic between ambient pods goes to port 15008 (HBONE), whatever port the application has. When that is closed, calls inside the mesh time out.',
    todo: 'Open TCP port 15008 to the same peers. Limits for single ports of the application belong into an AuthorizationPolicy.',
    source: 'istio.io/docs/ambient/usage/networkpolicy',
  },
  kinds: [NETWORK_POLICY],
  run(located, scope) {
    runDirection(located, scope, 'ingress');
    runDirection(located, scope, 'egress');
  },
});

function runDirection(located: Located, scope: Scope, direction: Direction): void {
  const rules = items(located.root, 'spec', direction);
  if (!limits(located, direction) || rules.length === 0) return;
  const blocked = scope.world
    .workloads(located.namespace)
    .filter(
      (workload) =>
        isAmbient(scope, workload) &&
        selectsPod(located, workload) &&
        !isPortOpen(scope.world, workload, direction, HBONE_PORT),
    );
  if (blocked.length === 0) return;
  for (const rule of rules) {
    const ports = at(rule, 'ports');
    if (!ports || opensPort(rule, HBONE_PORT)) continue;
    // Rules for addresses outside, or for the name server, are about no mesh traffic.
    if (
      direction === 'egress' &&
      !peerWorkloads(scope.world, located, rule, 'to').some((workload) => isAmbient(scope, workload))
    )
      continue;
    if (direction === 'ingress' && isAddressesOnly(rule)) continue;
    const pods = workloadList(blocked, '');
    const what =
      direction === 'ingress'
        ? `Calls inside the mesh reach ${pods} at port 15008, which no NetworkPolicy opens: they time out.`
        : `Calls of ${pods} to these pods go to port 15008, which no NetworkPolicy opens: they time out.`;
    scope.report(ports, what, { fixes: addPort(located, ports) });
  }
}

function isAmbient({ world }: Scope, workload: Workload): boolean {
  const { dataPlane, certain } = enrolmentOf(world, workload);
  return dataPlane === 'ambient' && certain;
}

function isAddressesOnly(rule: YamlNode): boolean {
  const peers = items(rule, 'from');
  return peers.length > 0 && peers.every((peer) => at(peer, 'ipBlock') !== undefined);
}

function addPort(located: Located, ports: YamlNode): Fix[] {
  const { text } = located.document;
  const last = ports.kind === 'seq' ? ports.items.at(-1) : undefined;
  if (ports.kind !== 'seq' || !last || last.kind === 'alias') return [];
  const title = 'Open TCP port 15008';
  if (ports.flow) {
    const entry = text.slice(last.start, last.end).includes('"port"')
      ? '{"port": 15008, "protocol": "TCP"}'
      : '{port: 15008, protocol: TCP}';
    return [{ title, safe: false, edits: [{ span: { start: last.end, end: last.end }, text: `, ${entry}` }] }];
  }
  const dash = text.lastIndexOf('-', last.start - 1);
  const end = text.slice(0, last.end).trimEnd().length;
  const indent = ' '.repeat(columnOf(text, dash));
  const newline = newlineOf(text);
  return [
    {
      title,
      safe: false,
      edits: [
        { span: { start: end, end }, text: `${newline}${indent}- port: 15008${newline}${indent}  protocol: TCP` },
      ],
    },
  ];
}
