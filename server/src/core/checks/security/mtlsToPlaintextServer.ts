import { tlsOf } from '../../mesh/clientTls.ts';
import { hasSelector, modeOf } from '../../mesh/mutualTls.ts';
import { serviceMtls } from '../../mesh/serviceMtls.ts';
import { isAmbientOnly, meshRules, namespaceRules, reachOf } from '../../mesh/wideRules.ts';
import { serviceOfHost } from '../../model/hosts.ts';
import { describeLocated, type Located } from '../../model/located.ts';
import type { World } from '../../model/world.ts';
import { asScalar, at } from '../../yaml/access.ts';
import { replaceScalar } from '../../yaml/edits.ts';
import { type Scope, workspaceCheck } from '../check.ts';

/** Servers that take plaintext only, and clients told to send them mTLS. */
export const mtlsToPlaintextServer = workspaceCheck({
  facts: {
    code: 'mtls-to-plaintext-server',
    severity: 'error',
    what: 'A PeerAuthentication switches mTLS off for servers, and a DestinationRule makes clients send it to them.',
    why: 'The server reads the handshake as a broken request: every call fails. Automatic mTLS would notice; a DestinationRule overrules it.',
    todo: 'Let the PeerAuthentication be `PERMISSIVE`, which takes both, or the DestinationRule `DISABLE`.',
    source: 'kiali/kiali business/checkers/peerauthentications/disabled_*_checker.go',
  },
  kinds: ['security.istio.io/PeerAuthentication', 'networking.istio.io/DestinationRule'],
  run(located, scope) {
    if (located.resource.kind === 'DestinationRule') checkHost(located, scope);
    else checkPolicy(located, scope);
  },
});

function checkPolicy(located: Located, scope: Scope): void {
  const mode = asScalar(at(located.root, 'spec', 'mtls', 'mode'));
  if (!mode || modeOf(located) !== 'DISABLE' || hasSelector(located)) return;
  const { rootNamespace } = scope.meshConfig;
  const mesh = located.namespace === rootNamespace;
  if (isAmbientOnly(scope.world, mesh ? undefined : located.namespace)) return;
  const rule = decidingRule(scope.world, mesh ? undefined : located.namespace);
  if (!rule || tlsOf(rule)?.mode !== 'ISTIO_MUTUAL') return;
  const servers = mesh ? 'in the mesh' : `of namespace \`${located.namespace}\``;
  scope.report(
    mode,
    `${describeLocated(rule)} makes clients send mTLS to the Services ${servers}, which take plaintext only.`,
    {
      peers: [mesh ? 'KIA0506' : 'KIA0505'],
      fixes: [{ title: 'Change to `PERMISSIVE`', safe: false, edits: [replaceScalar(mode, 'PERMISSIVE')] }],
      related: [{ site: { located: rule, node: tlsOf(rule)?.node ?? rule.root }, message: 'clients send mTLS' }],
    },
  );
}

/** Of the rules for all Services: those for the namespace hide those for the mesh. */
function decidingRule(world: World, namespace: string | undefined): Located | undefined {
  const narrow = namespace === undefined ? [] : namespaceRules(world, namespace);
  return [...narrow, ...meshRules(world)].find((rule) => tlsOf(rule) !== undefined);
}

function checkHost(located: Located, { world, meshConfig, report }: Scope): void {
  const tls = tlsOf(located);
  const reach = tls?.mode === 'ISTIO_MUTUAL' ? reachOf(located) : undefined;
  if (!tls || reach?.of !== 'host') return;
  const named = serviceOfHost(reach.host, located.namespace);
  const service = named && world.service(named.namespace, named.name);
  // Pods in ambient mode read `DISABLE` as `PERMISSIVE`, which the verdict about them says already.
  const asked = service && serviceMtls(world, meshConfig.rootNamespace, service);
  if (!service || asked?.mode !== 'DISABLE' || !asked.decidedBy || isAmbientOnly(world, service.namespace)) return;
  report(tls.node, `${describeLocated(asked.decidedBy)} lets Service \`${service.name}\` take plaintext only.`, {
    related: [{ site: { located: asked.decidedBy, node: asked.decidedBy.root }, message: 'switches mTLS off' }],
  });
}
