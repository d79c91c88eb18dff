import { rivalOf } from '../../mesh/rivals.ts';
import { describeLocated, type Located } from '../../model/located.ts';
import { at, items, text } from '../../yaml/access.ts';
import type { YamlNode } from '../../yaml/tree.ts';
import { workspaceCheck } from '../check.ts';

/** Two RequestAuthentications that say how to check the tokens of one issuer. */
export const issuerRepeated = workspaceCheck({
  facts: {
    code: 'issuer-repeated',
    severity: 'warning',
    what: 'Two RequestAuthentications for the same workloads have a rule for the same issuer.',
    why: 'The rules of both are joined, and a token is good when one of the two takes it: keys that one of them no longer lists stay accepted.',
    todo: 'Keep one rule for each issuer, or make the selectors exclude each other.',
    source: 'kiali/kiali business/checkers/common/multi_match_checker.go',
  },
  kinds: ['security.istio.io/RequestAuthentication'],
  run(located, scope) {
    for (const node of issuersOf(located)) {
      const issuer = text(node);
      const rival = rivalOf(scope.world, located, (other) => issuersOf(other).some((each) => text(each) === issuer));
      if (issuer === undefined || !rival) continue;
      const twin = issuersOf(rival.located).find((each) => text(each) === issuer);
      scope.report(
        node,
        `${describeLocated(rival.located)} has a rule for this issuer, too, and applies to the same pods: a token is good when either takes it.`,
        {
          peers: [rival.workload ? 'KIA0003' : 'KIA0002'],
          related: [{ site: { located: rival.located, node: twin ?? rival.located.root }, message: 'the other rule' }],
        },
      );
    }
  },
});

function issuersOf(policy: Located): YamlNode[] {
  return items(policy.root, 'spec', 'jwtRules').flatMap((rule) => at(rule, 'issuer') ?? []);
}
