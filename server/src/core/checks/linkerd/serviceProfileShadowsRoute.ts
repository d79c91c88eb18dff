import { serviceOfHost } from '../../model/hosts.ts';
import type { Located } from '../../model/located.ts';
import { routeFacts } from '../../model/routes.ts';
import type { World } from '../../model/world.ts';
import { worldIndex } from '../../model/worldIndex.ts';
import { at, entriesOf, items } from '../../yaml/access.ts';
import type { YamlNode } from '../../yaml/tree.ts';
import { type Scope, workspaceCheck } from '../check.ts';

const PROFILE = 'linkerd.io/ServiceProfile';

/** A ServiceProfile that makes routes and retry or timeout annotations of the same Service have no effect. */
export const serviceProfileShadowsRoute = workspaceCheck({
  facts: {
    code: 'service-profile-shadows-route',
    severity: 'error',
    what: 'A Service has a ServiceProfile with routes or overrides, and an HTTPRoute, GRPCRoute or retry and timeout annotations as well.',
    why: 'As soon as the profile has routes, the proxies go by it alone: the routes and annotations have no effect, and nothing says so.',
    todo: 'Carry the routes of the profile over into the HTTPRoute and delete the profile.',
    source:
      'linkerd/website: reference/httproute; linkerd/linkerd2-proxy:linkerd/app/outbound/src/http/logical/profile.rs',
  },
  kinds: [
    'gateway.networking.k8s.io/HTTPRoute',
    'gateway.networking.k8s.io/GRPCRoute',
    'policy.linkerd.io/HTTPRoute',
    '/Service',
  ],
  run(located, scope) {
    if (located.resource.kind === 'Service') {
      judgeService(located, scope);
      return;
    }
    for (const parent of routeFacts(located).parents) {
      const profile = parent.key === '/Service' ? profileOf(scope.world, parent) : undefined;
      if (profile)
        reportShadow(
          scope,
          parent.nameNode,
          profile,
          `this ${located.resource.kind} has no effect on calls to Service \`${parent.name}\``,
        );
    }
  },
});

function judgeService(service: Located, scope: Scope): void {
  const profile = profileOf(scope.world, service);
  if (!profile) return;
  for (const { key } of entriesOf(at(service.root, 'metadata', 'annotations'))) {
    if (/^(?:retry|timeout)\.linkerd\.io\//.test(key.text))
      reportShadow(scope, key, profile, `\`${key.text}\` has no effect`);
  }
}

function reportShadow(scope: Scope, where: YamlNode, profile: Located, effect: string): void {
  scope.report(where, `ServiceProfile \`${profile.name}\` takes precedence, so ${effect}.`, {
    related: [
      {
        site: { located: profile, node: at(profile.root, 'metadata', 'name') ?? profile.root },
        message: 'the ServiceProfile',
      },
    ],
  });
}

/** A profile in the namespace of the Service, which all clients follow; one beside a client is that client's own. */
function profileOf(world: World, service: { readonly namespace: string; readonly name: string }): Located | undefined {
  return profilesOf(world, `${service.namespace}/${service.name}`)[0];
}

/** A profile without routes and overrides, such as one for metrics alone, shadows nothing. */
const profilesOf = worldIndex([PROFILE], (profile) => {
  const service = serviceOfHost(profile.name, profile.namespace);
  const decides =
    items(profile.root, 'spec', 'routes').length > 0 || items(profile.root, 'spec', 'dstOverrides').length > 0;
  return service && decides && service.namespace === profile.namespace
    ? [[`${service.namespace}/${service.name}`, profile]]
    : [];
});
