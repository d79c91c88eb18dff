import { at, entriesOf, has, isTemplated } from '../../yaml/access.ts';
import { choice, field, fragment, map, object } from '../define.ts';
import { kind } from '../kind.ts';
import type { CheckFacts, Rule } from '../rule.ts';
import { fieldNode } from '../rules.ts';
import { workloadSelector } from './selector.ts';

const PORT_LEVEL_MTLS_NEEDS_SELECTOR: CheckFacts = {
  code: 'port-level-mtls-needs-selector',
  severity: 'error',
  what: '`portLevelMtls` in a PeerAuthentication without a workload selector.',
  why: 'Ports belong to workloads; the API server refuses port modes for a whole namespace or mesh.',
  todo: 'Add `selector.matchLabels`, or say the mode for all ports in `mtls`.',
  peers: ['CRD-CEL'],
  source: 'istio/api CRD PeerAuthentication, CEL rule on .spec',
};

const portLevelMtlsNeedsSelector: Rule = {
  facts: PORT_LEVEL_MTLS_NEEDS_SELECTOR,
  needsWhole: true,
  run(node, report) {
    const selector = at(node, 'selector');
    const labels = at(selector, 'matchLabels');
    if (!has(node, 'portLevelMtls') || entriesOf(labels).length > 0 || isTemplated(selector) || isTemplated(labels))
      return;
    report(
      fieldNode(node, 'portLevelMtls'),
      '`portLevelMtls` needs `selector.matchLabels`: ports belong to workloads, so the mode of a port cannot be set for a whole namespace.',
    );
  },
};

const PORT_KEY: CheckFacts = {
  code: 'port-key-out-of-range',
  severity: 'error',
  what: 'A map keyed by port numbers has a key that is not a port.',
  why: 'The API server refuses the resource.',
  todo: 'Use the workload port, a number from 1 to 65535. Names and Service ports are not looked up.',
  peers: ['CRD-CEL'],
  source: 'istio/api CRD PeerAuthentication, CEL rule on .spec.portLevelMtls',
};

const portKeys: Rule = {
  facts: PORT_KEY,
  run(node, report) {
    for (const { key } of entriesOf(node)) {
      if (key.templated || (/^\d+$/.test(key.text) && Number(key.text) >= 1 && Number(key.text) <= 65535)) continue;
      report(key, `\`${key.text}\` is not a port: keys here are workload ports, numbers from 1 to 65535.`);
    }
  },
};

const mode = fragment(() =>
  choice({
    STRICT:
      'Only mutual TLS is accepted: a client without a mesh identity is refused. Callers outside the mesh, such as probes through a plain port or unmeshed jobs, stop working.',
    PERMISSIVE: 'Mutual TLS and plain text are both accepted. Clients that can use mutual TLS do.',
    DISABLE: 'Sidecars accept plain text only. A ztunnel has no such mode and treats it as `PERMISSIVE`.',
    UNSET: 'Taken from the next wider policy: namespace, then mesh; `PERMISSIVE` when none says otherwise.',
  }),
);

const mutualTls = fragment(() =>
  object({
    mode: field(mode(), 'Which connections the workload accepts.', { default: 'UNSET' }),
  }),
);

export const peerAuthentication = kind({
  project: 'istio',
  group: 'security.istio.io',
  kind: 'PeerAuthentication',
  plural: 'peerauthentications',
  shortNames: ['pa'],
  scope: 'Namespaced',
  doc: 'Says whether workloads **accept** plain text, mutual TLS or both on inbound connections. Without a selector it holds for its namespace; in the root namespace, for the mesh. The client side follows by itself (auto mTLS), unless a DestinationRule says otherwise.',
  reference: 'https://istio.io/latest/docs/reference/config/security/peer_authentication/',
  readBy: ['ztunnel', 'sidecar'],
  versions: { v1: { served: true, storage: true, since: '1.22' }, v1beta1: { served: true } },
  spec: () =>
    object(
      {
        selector: field(
          workloadSelector(),
          'The workloads that the policy is about. One with a selector wins over the one of its namespace, and that over the one of the root namespace.',
          { default: 'all workloads of the namespace' },
        ),
        mtls: field(mutualTls(), 'The mode of every port that `portLevelMtls` does not name.', {
          default: 'the mode of the next wider policy',
        }),
        portLevelMtls: field(
          map(mutualTls(), { min: 1, rules: [portKeys] }),
          'Modes of single ports, by **workload** port (the container port, not the port of the Service). A port that is not named here falls back to `mtls`.',
        ),
      },
      { rules: [portLevelMtlsNeedsSelector] },
    ),
});
