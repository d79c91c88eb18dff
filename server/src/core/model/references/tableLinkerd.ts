import { authority } from './hosts.ts';
import { accountName, linkerdIdentity } from './identities.ts';
import { externalWorkloadLabel, serverLabel, workloadLabel } from './labels.ts';
import { serverPort } from './ports.ts';
import { beside } from './reference.ts';
import { nameOfKind, nameOfKinds, namespaceName, typedName } from './resources.ts';
import { type Row, row } from './row.ts';

/** Linkerd's kinds; its HTTPRoute is with the Gateway API, whose shape it has. */

const NAMESPACE = namespaceName();
const TARGET = typedName({}, { noun: 'target' });
const AUTHENTICATION = typedName({}, { noun: 'authentication', namespaceKey: 'namespace' });
const SERVER = nameOfKind('policy.linkerd.io/Server', { noun: 'Server' });

/** A ServiceAccount or a Namespace, by the kind beside it. */
const IDENTITY = nameOfKinds((use) => (beside(use, 'kind') === 'Namespace' ? ['/Namespace'] : ['/ServiceAccount']), {
  noun: 'identity',
  namespaceKey: 'namespace',
});

export const LINKERD_ROWS: Readonly<Record<string, readonly Row[]>> = {
  'policy.linkerd.io/AuthorizationPolicy': [
    row('spec.targetRef.name', TARGET),
    row('spec.requiredAuthenticationRefs[].name', AUTHENTICATION),
    row('spec.requiredAuthenticationRefs[].namespace', NAMESPACE),
  ],
  'policy.linkerd.io/HTTPLocalRateLimitPolicy': [
    row('spec.targetRef.name', TARGET),
    row('spec.overrides[].clientRefs[].name', accountName),
    row('spec.overrides[].clientRefs[].namespace', NAMESPACE),
  ],
  'policy.linkerd.io/MeshTLSAuthentication': [
    row('spec.identities[]', linkerdIdentity),
    row('spec.identityRefs[].name', IDENTITY),
    row('spec.identityRefs[].namespace', NAMESPACE),
  ],
  'policy.linkerd.io/Server': [
    row('spec.podSelector.matchLabels.*', workloadLabel),
    row('spec.externalWorkloadSelector.matchLabels.*', externalWorkloadLabel),
    row('spec.port', serverPort),
  ],
  'policy.linkerd.io/ServerAuthorization': [
    row('spec.server.name', SERVER),
    row('spec.server.selector.matchLabels.*', serverLabel),
    row('spec.client.meshTLS.identities[]', linkerdIdentity),
    row('spec.client.meshTLS.serviceAccounts[].name', accountName),
    row('spec.client.meshTLS.serviceAccounts[].namespace', NAMESPACE),
  ],
  'linkerd.io/ServiceProfile': [row('metadata.name', authority), row('spec.dstOverrides[].authority', authority)],
};
