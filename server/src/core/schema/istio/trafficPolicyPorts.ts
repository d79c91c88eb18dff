import { at, has, items, text } from '../../yaml/access.ts';
import { field, fragment, list, object } from '../define.ts';
import type { CheckFacts, Rule } from '../rule.ts';
import { atLeastOneOf, listOf } from '../rules.ts';
import { clientTls } from './clientTls.ts';
import { connectionPool } from './connectionPool.ts';
import { portSelector } from './destination.ts';
import { loadBalancer } from './loadBalancer.ts';
import { hasFailover } from './loadBalancerLocality.ts';
import { outlierDetection } from './outlierDetection.ts';

/** The part of a traffic policy that can also be said for single ports, and `portLevelSettings`, which say it. */

export const EMPTY_POLICY: CheckFacts = {
  code: 'empty-traffic-policy',
  severity: 'error',
  what: 'A traffic policy that sets nothing.',
  why: 'The webhook of istiod refuses the resource, because nothing would change.',
  todo: 'Set at least one of the fields, or remove the policy.',
  source: 'istio/istio pkg/config/validation/validation.go, validateTrafficPolicy',
};

const PORT_NEEDED: CheckFacts = {
  code: 'port-setting-without-port',
  severity: 'error',
  what: 'An item of `portLevelSettings` without `port`.',
  why: 'It is for no port; the webhook of istiod refuses the resource.',
  todo: 'Add `port: {number: …}` with the port of the Service.',
  source: 'istio/istio pkg/config/validation/validation.go, validatePortTrafficPolicies',
};

const portNamed: Rule = {
  facts: PORT_NEEDED,
  needsWhole: true,
  run(node, report) {
    if (!has(node, 'port')) report(node, 'Port-level settings need `port: {number: …}`.');
  },
};

const DUPLICATE_PORT: CheckFacts = {
  code: 'duplicate-port-setting',
  severity: 'warning',
  what: 'Two items of `portLevelSettings` for the same port.',
  why: 'Only the first one is used; the other does nothing.',
  todo: 'Merge the two items into one.',
};

const onePerPort: Rule = {
  facts: DUPLICATE_PORT,
  run(node, report) {
    const seen = new Set<string>();
    for (const item of items(node)) {
      const port = text(item, 'port', 'number');
      if (port === undefined) continue;
      if (seen.has(port)) {
        report(
          at(item, 'port', 'number') ?? item,
          `There are already settings for port ${port}; only the first ones are used.`,
        );
      }
      seen.add(port);
    }
  },
};

const PORT_REPLACES: CheckFacts = {
  code: 'port-setting-replaces-policy',
  severity: 'info',
  what: 'Settings of a port leave out what the policy around them sets.',
  why: 'They replace the policy of the host as a whole, they do not add to it: for this port, what is not repeated falls back to the defaults.',
  todo: 'Repeat the settings that the port should keep.',
  source: 'istio/api DestinationRule, TrafficPolicy.portLevelSettings',
};

export const PORT_PARTS = ['connectionPool', 'loadBalancer', 'outlierDetection', 'tls'];

export const portsRepeat: Rule = {
  facts: PORT_REPLACES,
  needsWhole: true,
  run(node, report) {
    const around = PORT_PARTS.filter((name) => has(node, name));
    for (const item of items(node, 'portLevelSettings')) {
      const lost = around.filter((name) => !has(item, name));
      const port = at(item, 'port');
      if (lost.length > 0 && port) {
        report(
          port,
          `For this port, ${listOf(lost)} of the policy above ${lost.length === 1 ? 'does' : 'do'} not count: port settings replace it as a whole.`,
        );
      }
    }
  },
};

const FAILOVER_WITHOUT_DETECTION: CheckFacts = {
  code: 'failover-without-outlier-detection',
  severity: 'warning',
  what: 'A failover between places without `outlierDetection` in the same policy.',
  why: 'Without it no endpoint is ever taken for unhealthy, so traffic never moves; the preference for near endpoints does not even begin.',
  todo: 'Add `outlierDetection`; `outlierDetection: {}` takes the defaults.',
  source: 'istio/istio pkg/config/validation/agent/validation.go, ValidateLocalityLbSetting',
};

/** For one policy, of the host or of a port, because both are read alone. */
export const failoverNeedsDetection: Rule = {
  facts: FAILOVER_WITHOUT_DETECTION,
  needsWhole: true,
  run(node, report) {
    const setting = at(node, 'loadBalancer', 'localityLbSetting');
    if (!setting || !hasFailover(setting) || has(node, 'outlierDetection')) return;
    const where = ['failover', 'failoverPriority']
      .map((name) => at(setting, name))
      .find((value) => items(value).length > 0);
    report(
      where ?? setting,
      'Traffic only moves away from endpoints that `outlierDetection` finds unhealthy, and it is not set in this policy.',
    );
  },
};

/** What can be set for a host and for single ports of it. */
export function sharedFields() {
  return {
    loadBalancer: field(loadBalancer(), 'Which endpoint gets the next request.'),
    connectionPool: field(
      connectionPool(),
      'Limits on connections and requests: a circuit breaker that answers 503 when they are exceeded.',
    ),
    outlierDetection: field(outlierDetection(), 'Leaves failing endpoints out for a while.'),
    tls: field(
      clientTls(),
      'How connections to the host are encrypted. Without it, mutual TLS is used by itself where the other side can. A ztunnel does not read it.',
    ),
  };
}

const portPolicy = fragment(() =>
  object(
    { port: field(portSelector(), 'The port of the service that these settings are for.'), ...sharedFields() },
    {
      rules: [portNamed, atLeastOneOf(PORT_PARTS, { facts: EMPTY_POLICY }), failoverNeedsDetection],
    },
  ),
);

export const portLevelSettings = fragment(() => list(portPolicy(), { max: 4096, rules: [onePerPort] }));
