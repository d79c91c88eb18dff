import { field, object, required } from '../define.ts';
import { kind } from '../kind.ts';
import { listeners } from './listener.ts';
import { apiGroup, kindName, namespaceName, objectName } from './names.ts';

export const listenerSet = kind({
  project: 'gateway-api',
  group: 'gateway.networking.k8s.io',
  kind: 'ListenerSet',
  plural: 'listenersets',
  shortNames: ['lset'],
  scope: 'Namespaced',
  doc: 'Adds listeners to a Gateway that someone else owns: teams bring hosts and certificates of their own, and Gateways can have more than 64 listeners. The Gateway must admit it with `allowedListeners`, which it does not by default. Routes attach to it with `kind: ListenerSet` in `parentRefs`. Not for waypoints.',
  reference: 'https://gateway-api.sigs.k8s.io/reference/spec/#listenerset',
  readBy: ['gateway'],
  since: '1.5',
  versions: { v1: { served: true, storage: true } },
  specRequired: true,
  spec: () =>
    object({
      parentRef: required(
        object({
          group: field(apiGroup(), 'API group of the Gateway that gets the listeners.', {
            default: 'gateway.networking.k8s.io',
          }),
          kind: field(kindName(), 'Kind of what gets the listeners; only Gateways do.', { default: 'Gateway' }),
          name: required(
            objectName(),
            'Which Gateway gets the listeners. When it does not exist or does not admit this ListenerSet, they are not opened.',
          ),
          namespace: field(namespaceName(), 'Where the Gateway lives, the namespace of the ListenerSet when absent.'),
        }),
        'The Gateway that the listeners are added to.',
      ),
      listeners: required(
        listeners('ListenerSet'),
        'Ports that are opened at the Gateway, each with a protocol and hosts. When one is the same as a listener of the Gateway, or of an older ListenerSet, that one wins.',
      ),
    }),
});
