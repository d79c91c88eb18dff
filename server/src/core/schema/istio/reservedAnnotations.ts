import { asScalar, at, entriesOf, text } from '../../yaml/access.ts';
import type { CheckFacts, Rule } from '../rule.ts';

/** Annotations that the webhook of istiod judges on every Istio resource. */

const WEBHOOK = 'istio/istio pkg/config/validation/validation.go, validateMetadata';

const RESERVED: CheckFacts = {
  code: 'reserved-annotation',
  severity: 'error',
  what: 'An annotation that istiod keeps for itself.',
  why: 'istiod sets it on resources that it derives, where it lends rights over other namespaces; the webhook refuses it from anyone else.',
  todo: 'Remove the annotation.',
  source: WEBHOOK,
};

const RESERVED_NAMES = new Map<string, string>([
  ['internal.istio.io/parents', 'istiod sets it on resources that it derives from Gateway API routes'],
  ['internal.istio.io/parent-namespace', 'istiod sets it on resources that it derives for another namespace'],
  ['internal.istio.io/webhook-always-reject', 'it exists to test the webhook, which always refuses it'],
]);

const notReserved: Rule = {
  facts: RESERVED,
  run(root, report) {
    for (const { key } of entriesOf(at(root, 'metadata', 'annotations'))) {
      const reason = RESERVED_NAMES.get(key.text);
      if (reason) report(key, `\`${key.text}\` must not be set by users: ${reason}.`);
    }
  },
};

const DRY_RUN = 'istio.io/dry-run';
/** What Go's `strconv.ParseBool` takes. */
const GO_BOOL = /^(?:1|t|T|TRUE|true|True|0|f|F|FALSE|false|False)$/;

const DRY_RUN_FACTS: CheckFacts = {
  code: 'dry-run-annotation',
  severity: 'error',
  what: 'The annotation `istio.io/dry-run` where it is not supported, or with a value that is not a boolean.',
  why: 'Only AuthorizationPolicies with the action ALLOW or DENY can be tried out. The webhook of istiod refuses the annotation elsewhere, because the resource would be enforced in earnest.',
  todo: 'Remove the annotation, or give it the value `"true"` or `"false"`.',
  source: WEBHOOK,
};

const dryRun: Rule = {
  facts: DRY_RUN_FACTS,
  run(root, report, context) {
    const node = asScalar(at(root, 'metadata', 'annotations', DRY_RUN));
    if (!node) return;
    const where = node.key ?? node;
    if (context.kind !== 'AuthorizationPolicy') {
      report(where, `\`${DRY_RUN}\` works only on AuthorizationPolicies; a ${context.kind} with it is refused.`);
      return;
    }
    const action = text(root, 'spec', 'action');
    if (action !== undefined && action !== 'ALLOW' && action !== 'DENY') {
      report(where, `\`${DRY_RUN}\` works only with the actions ALLOW and DENY, not with ${action}.`);
    } else if (!node.templated && !GO_BOOL.test(node.text)) {
      report(node, `\`${DRY_RUN}\` takes \`"true"\` or \`"false"\`, not \`${node.text}\`.`);
    }
  },
};

export const reservedAnnotations: readonly Rule[] = [notReserved, dryRun];
