import { field, list, object } from '../define.ts';
import { kind } from '../kind.ts';
import { jwtRule } from './jwtRule.ts';
import { workloadSelector } from './selector.ts';
import { oneWayOfTargeting, targetFields } from './targetRef.ts';

export const requestAuthentication = kind({
  project: 'istio',
  group: 'security.istio.io',
  kind: 'RequestAuthentication',
  plural: 'requestauthentications',
  shortNames: ['ra'],
  scope: 'Namespaced',
  doc: 'Says how the JSON Web Tokens of requests are validated. A request with an **invalid** token is refused; a request **without** a token passes, unless an AuthorizationPolicy asks for `requestPrincipals`. Several resources for one workload add up.\n\nztunnel never reads it: in ambient mode attach it to a waypoint by `targetRefs`, otherwise nothing is validated.',
  reference: 'https://istio.io/latest/docs/reference/config/security/request_authentication/',
  readBy: ['waypoint', 'sidecar', 'gateway'],
  versions: { v1: { served: true, storage: true }, v1beta1: { served: true } },
  spec: () =>
    object(
      {
        selector: field(
          workloadSelector(),
          'The workloads whose sidecar or gateway validates tokens. Waypoints and ztunnel ignore resources with a selector.',
          { default: 'all workloads of the namespace', readBy: ['sidecar', 'gateway'] },
        ),
        ...targetFields(),
        jwtRules: field(
          list(jwtRule(), { max: 4096 }),
          'The issuers whose tokens are taken. A token must pass the rule of its issuer; with several rules, one valid token is enough.',
          { l7: true },
        ),
      },
      { rules: [oneWayOfTargeting()] },
    ),
});
