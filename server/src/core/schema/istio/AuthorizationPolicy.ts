import { choice, field, list, object, string } from '../define.ts';
import { kind } from '../kind.ts';
import { actionNeedsRules, customMatches, customNeedsProvider } from './authorizationAction.ts';
import { to } from './authorizationOperation.ts';
import { from } from './authorizationSource.ts';
import { when } from './authorizationWhen.ts';
import { workloadSelector } from './selector.ts';
import { oneWayOfTargeting, targetFields } from './targetRef.ts';

const action = choice({
  ALLOW:
    'Requests that match a rule are let through. As soon as one ALLOW policy is about a workload, **everything that no ALLOW rule matches is refused**; without any rule it therefore refuses all.',
  DENY: 'Requests that match a rule are refused, whatever ALLOW policies say. DENY is evaluated before ALLOW.',
  AUDIT:
    'Requests that match are marked for auditing plug-ins and neither allowed nor refused. ztunnel ignores such a policy.',
  CUSTOM:
    'Requests that match are put to the external authorizer named in `provider`, before DENY and ALLOW. ztunnel ignores such a policy.',
});

const rule = object({
  from: field(from(), 'Sources, one of which must match. Every source when absent.'),
  to: field(to(), 'Operations, one of which must match. Every operation when absent.'),
  when: field(when(), 'Conditions, **all** of which must match. None when absent.'),
});

export const authorizationPolicy = kind({
  project: 'istio',
  group: 'security.istio.io',
  kind: 'AuthorizationPolicy',
  plural: 'authorizationpolicies',
  shortNames: ['ap'],
  scope: 'Namespaced',
  doc: 'Says which requests workloads take. DENY wins over ALLOW; a workload without ALLOW policy takes everything that is not denied. Without selector and targets it holds for its namespace, in the root namespace for the mesh.\n\nIn ambient mode the ztunnel enforces policies with a selector and understands L4 only: rules with HTTP attributes are dropped from ALLOW (which then refuses more) and from DENY (which then may refuse nothing). Attach policies with HTTP attributes to a waypoint by `targetRefs`.',
  reference: 'https://istio.io/latest/docs/reference/config/security/authorization-policy/',
  readBy: ['ztunnel', 'waypoint', 'sidecar', 'gateway'],
  versions: { v1: { served: true, storage: true }, v1beta1: { served: true } },
  spec: () =>
    object(
      {
        selector: field(
          workloadSelector(),
          'The workloads whose sidecar, gateway or ztunnel enforces the policy. Waypoints ignore policies with a selector.',
          { default: 'all workloads of the namespace' },
        ),
        ...targetFields(),
        action: field(action, 'What happens to requests that match a rule.', { default: 'ALLOW' }),
        rules: field(
          list(rule, { max: 512 }),
          'The requests that the action is about: those that match **any** rule. No rules match nothing, so ALLOW refuses everything; one empty rule `{}` matches everything.',
        ),
        provider: field(
          object({
            name: field(string(), 'An external authorizer by its name in `meshConfig.extensionProviders`.'),
          }),
          'Whom to ask when the action is CUSTOM.',
          { l7: true, readBy: ['waypoint', 'sidecar', 'gateway'] },
        ),
      },
      { rules: [oneWayOfTargeting(), actionNeedsRules, customNeedsProvider, customMatches] },
    ),
});
