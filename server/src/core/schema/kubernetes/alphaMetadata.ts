import type { CheckFacts, Rule } from '../rule.ts';
import { ANALYZER_SOURCE, eachItem } from './metadataItems.ts';

/** Annotations that Istio itself calls alpha, for those who want to know. Most meshes use some on purpose. */

const ALPHA_KEY: CheckFacts = {
  code: 'alpha-mesh-metadata',
  severity: 'info',
  what: 'An annotation that Istio calls alpha.',
  why: 'It may change or go away with any release, and is not part of what Istio supports in production.',
  todo: 'Do without where you can, and read the notes of each release about it where you cannot.',
  peers: ['IST0136'],
  webhook: false,
  optIn: true,
  source: ANALYZER_SOURCE,
};

const ALPHA: ReadonlySet<string> = new Set([
  'ambient.istio.io/bypass-inbound-capture',
  'galley.istio.io/analyze-suppress',
  'inject.istio.io/templates',
  'istio.io/dry-run',
  'istio.io/reroute-virtual-interfaces',
  'istio.io/use-waypoint-canary-weight',
  'networking.istio.io/exportTo',
  'networking.istio.io/traffic-distribution',
  'prometheus.istio.io/merge-metrics',
  'readiness.status.sidecar.istio.io/applicationPorts',
  'readiness.status.sidecar.istio.io/failureThreshold',
  'readiness.status.sidecar.istio.io/initialDelaySeconds',
  'readiness.status.sidecar.istio.io/periodSeconds',
  'sidecar.istio.io/agentLogLevel',
  'sidecar.istio.io/bootstrapOverride',
  'sidecar.istio.io/componentLogLevel',
  'sidecar.istio.io/interceptionMode',
  'sidecar.istio.io/logLevel',
  'sidecar.istio.io/nativeSidecar',
  'sidecar.istio.io/proxyCPU',
  'sidecar.istio.io/proxyCPULimit',
  'sidecar.istio.io/proxyImage',
  'sidecar.istio.io/proxyImageType',
  'sidecar.istio.io/proxyMemory',
  'sidecar.istio.io/proxyMemoryLimit',
  'sidecar.istio.io/rewriteAppHTTPProbers',
  'sidecar.istio.io/statsEvictionInterval',
  'sidecar.istio.io/statsFlushInterval',
  'sidecar.istio.io/statsHistogramBins',
  'sidecar.istio.io/statsHistogramBuckets',
  'sidecar.istio.io/userVolume',
  'sidecar.istio.io/userVolumeMount',
  'status.sidecar.istio.io/port',
  'topology.istio.io/controlPlaneClusters',
  'traffic.sidecar.istio.io/excludeInboundPorts',
  'traffic.sidecar.istio.io/excludeInterfaces',
  'traffic.sidecar.istio.io/excludeOutboundIPRanges',
  'traffic.sidecar.istio.io/excludeOutboundPorts',
  'traffic.sidecar.istio.io/includeInboundPorts',
  'traffic.sidecar.istio.io/includeOutboundIPRanges',
  'traffic.sidecar.istio.io/includeOutboundPorts',
]);

export const alphaKey: Rule = eachItem(ALPHA_KEY, ({ entry, key, where }, report) => {
  if (where.place === 'annotation' && ALPHA.has(key))
    report(entry.key, `Istio calls \`${key}\` alpha: a release may change it or take it away.`);
});
