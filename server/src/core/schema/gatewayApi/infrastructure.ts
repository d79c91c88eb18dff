import { field, fragment, map, object, required, string } from '../define.ts';
import type { CheckFacts, Rule } from '../rule.ts';
import { keysOf } from '../rules.ts';
import { apiGroup, crdRule, kindName, objectName } from './names.ts';

/** What a Gateway says about the Deployment and Service that are made for it. */

const BAD_KEY: CheckFacts = {
  code: 'infrastructure-key-invalid',
  severity: 'error',
  what: "A label or annotation for a gateway's infrastructure with a key that Kubernetes does not allow.",
  why: 'It could not be put on the Deployment and Service of the gateway; the API server refuses the Gateway.',
  todo: 'Write `name` or `prefix.example.com/name`: the name has at most 63 letters, digits, dashes, underscores and dots.',
  peers: [
    'CRD-CEL',
    crdRule('label-keys-must-be-in-the-form-of-an-optional-dns-subdomain-prefix-followed-by'),
    crdRule('annotation-keys-must-be-in-the-form-of-an-optional-dns-subdomain-prefix-followed'),
    crdRule('if-specified-the-label-key-s-prefix-must-be-a-dns-subdomain-not-longer-than'),
    crdRule('if-specified-the-annotation-key-s-prefix-must-be-a-dns-subdomain-not-longer'),
  ],
  source: 'Gateway API CRDs, CEL rules on Gateway .spec.infrastructure',
};

const KEY =
  /^([a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*\/)?([A-Za-z0-9][-A-Za-z0-9_.]{0,61})?[A-Za-z0-9]$/;
const MAX_PREFIX = 252;

const validKeys: Rule = {
  facts: BAD_KEY,
  run(node, report) {
    for (const { key, node: place } of keysOf(node)) {
      if (!KEY.test(key)) {
        report(
          place,
          `\`${key}\` is not a valid key: write \`name\` or \`prefix.example.com/name\`, with at most 63 characters after the slash.`,
        );
      } else if ((key.split('/')[0] ?? '').length > MAX_PREFIX) {
        report(place, `The prefix of a key may have at most ${MAX_PREFIX} characters.`);
      }
    }
  },
};

export const infrastructure = fragment(() =>
  object({
    labels: field(
      map(
        string({
          min: 0,
          max: 63,
          pattern: /^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$/,
          means:
            'a label value: letters, digits, dashes, underscores and dots, beginning and ending with a letter or digit',
        }),
        { max: 8, rules: [validKeys] },
      ),
      'Labels for everything that is made for this Gateway: Deployment, pods, Service. They do not count as labels of the Gateway itself.',
    ),
    annotations: field(
      map(string({ min: 0, max: 4096 }), { max: 16, rules: [validKeys] }),
      'Annotations for everything that is made for this Gateway, such as those that tell a cloud which load balancer to use.',
    ),
    parametersRef: field(
      object({
        group: required(apiGroup(), 'API group of the parameters; `""` for a ConfigMap.'),
        kind: required(kindName(), 'Kind of the parameters. Istio takes a `ConfigMap`.'),
        name: required(objectName(), 'Which parameters, in the namespace of the Gateway.'),
      }),
      'Settings of the implementation for this one Gateway. Istio reads a ConfigMap with patches to the Deployment, Service, HorizontalPodAutoscaler and PodDisruptionBudget that it makes.',
    ),
  }),
);
