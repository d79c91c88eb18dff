/** Where our definitions differ from the published CRDs on purpose. `difference` is the start of the reported line. */
const STRING_MAP = 'The CRD leaves the map open; the controllers read it as text by text and refuse anything else.';
const WORDS = 'The CRD takes any text; the controller knows these words alone.';
const NESTED =
  'The CRD leaves nested conditions open; the validator of Linkerd knows their fields, and completion offers them.';

export const INTENDED: readonly { readonly difference: string; readonly reason: string }[] = [
  { difference: 'ExternalWorkload .ports[].protocol', reason: WORDS },
  { difference: 'Link .remoteDiscoverySelector.matchLabels', reason: STRING_MAP },
  { difference: 'Link .selector.matchLabels', reason: STRING_MAP },
  { difference: 'Link .federatedServiceSelector.matchLabels', reason: STRING_MAP },
  { difference: 'Server .accessPolicy', reason: WORDS },
  { difference: 'Server .externalWorkloadSelector.matchLabels', reason: STRING_MAP },
  { difference: 'Server .podSelector.matchLabels', reason: STRING_MAP },
  { difference: 'Server .proxyProtocol', reason: WORDS },
  { difference: 'ServerAuthorization .server.selector.matchLabels', reason: STRING_MAP },
  { difference: 'ServiceProfile .routes[].condition.all[]', reason: NESTED },
  { difference: 'ServiceProfile .routes[].condition.any[]', reason: NESTED },
  { difference: 'ServiceProfile .routes[].condition.not[]', reason: NESTED },
  {
    difference: 'ServiceProfile .routes[].name',
    reason: 'The CRD takes an empty name; the validator of Linkerd refuses it.',
  },
  { difference: 'ServiceProfile .routes[].responseClasses[].condition.all[]', reason: NESTED },
  { difference: 'ServiceProfile .routes[].responseClasses[].condition.any[]', reason: NESTED },
  { difference: 'ServiceProfile .routes[].responseClasses[].condition.not', reason: NESTED },
];
