import { asMap, at, text } from '../../yaml/access.ts';
import { addEntry } from '../../yaml/edits.ts';
import { workspaceCheck } from '../check.ts';

/** An outbound policy that says nothing. */
export const outboundPolicyWithoutMode = workspaceCheck({
  facts: {
    code: 'outbound-policy-without-mode',
    severity: 'info',
    what: 'A Sidecar has an `outboundTrafficPolicy` without a `mode`.',
    why: 'The absent mode reads as REGISTRY_ONLY, although the default of the mesh is usually ALLOW_ANY; readers will guess wrong.',
    todo: 'Write the mode, or remove `outboundTrafficPolicy` to take that of the mesh.',
    peers: ['KIA1007'],
    source: 'kiali/kiali business/checkers/sidecars/outbound_traffic_policy_mode_checker.go',
  },
  kinds: ['networking.istio.io/Sidecar'],
  run(located, scope) {
    const policy = at(located.root, 'spec', 'outboundTrafficPolicy');
    const map = asMap(policy);
    if (!policy || !map || (at(policy, 'mode') && text(policy, 'mode') !== '')) return;
    // A proxy for egress needs the mode that lets everything out.
    const modes = at(policy, 'egressProxy') ? ['ALLOW_ANY'] : ['REGISTRY_ONLY', 'ALLOW_ANY'];
    const documentText = located.document.text;
    scope.report(
      policy,
      'This outbound policy has no `mode`. It reads as REGISTRY_ONLY: hosts that no Service or ServiceEntry has cannot be reached.',
      {
        fixes: at(policy, 'mode')
          ? []
          : modes.map((mode) => ({
              title: `Set mode ${mode}`,
              safe: false,
              edits: [addEntry(documentText, map, 'mode', mode)],
            })),
      },
    );
  },
});
