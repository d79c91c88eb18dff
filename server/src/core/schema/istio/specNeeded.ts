import { at, has } from '../../yaml/access.ts';
import type { CheckFacts, Rule } from '../rule.ts';

/** Kinds whose CRD lets `spec` be absent, although the resource then says nothing that istiod could accept. */

const NO_SPEC: CheckFacts = {
  code: 'resource-without-spec',
  severity: 'error',
  what: 'A VirtualService, DestinationRule, Gateway or Sidecar without `spec`.',
  why: 'Everything that the resource could say stands there; the webhook of istiod refuses it without.',
  todo: 'Add `spec`, or remove the resource.',
  source: 'istio/istio pkg/config/validation/validation.go, an empty resource of each of these kinds',
};

export const specNeeded: Rule = {
  facts: NO_SPEC,
  needsWhole: true,
  run(root, report, context) {
    if (has(root, 'spec')) return;
    report(at(root, 'spec') ?? at(root, 'kind') ?? root, `This ${context.kind} has no \`spec\`, so it says nothing.`);
  },
};
