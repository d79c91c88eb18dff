import { asMap, asScalar, at, has, text } from '../../yaml/access.ts';
import { replaceScalar } from '../../yaml/edits.ts';
import type { YamlNode } from '../../yaml/tree.ts';
import type { CheckFacts, Report, Rule } from '../rule.ts';
import { fieldNode, listOf } from '../rules.ts';

/** Whether the match of a patch fits what it is applied to, and names filters as proxies know them. */

const WEBHOOK = 'istio/istio pkg/config/validation/envoyfilter/envoyfilter.go';
const CONNECTION_MANAGER = 'envoy.filters.network.http_connection_manager';

const WAYPOINT_CONTEXT: CheckFacts = {
  code: 'waypoint-match-context',
  severity: 'error',
  what: 'A `waypoint` match without context `WAYPOINT`, or that context without the match.',
  why: 'The two belong together; the API server refuses the resource.',
  todo: 'Set `context: WAYPOINT` and `waypoint` together, or neither.',
  peers: ['CRD-CEL'],
  source: 'istio/api CRD EnvoyFilter, CEL rule on .spec.configPatches[].match',
};

export const waypointMatchContext: Rule = {
  facts: WAYPOINT_CONTEXT,
  needsWhole: true,
  run(node, report) {
    const context = has(node, 'context') ? text(node, 'context') : 'ANY';
    if (context === undefined) return;
    if (context === 'WAYPOINT' && !has(node, 'waypoint')) {
      report(
        fieldNode(node, 'context'),
        'Context `WAYPOINT` needs the match `waypoint`; write `waypoint: {}` to match everything.',
      );
    } else if (context !== 'WAYPOINT' && has(node, 'waypoint')) {
      report(fieldNode(node, 'waypoint'), 'The match `waypoint` needs `context: WAYPOINT`.');
    }
  },
};

/** The names that Envoy gave filters before its v3 API, and those of today. */
const OLD_NAMES = new Map<string, string>();
for (const name of [
  'buffer',
  'cors',
  'csrf',
  'fault',
  'grpc_http1_bridge',
  'grpc_json_transcoder',
  'grpc_web',
  'gzip',
]) {
  OLD_NAMES.set(`envoy.${name}`, `envoy.filters.http.${name}`);
}
for (const name of ['health_check', 'ip_tagging', 'lua', 'router', 'squash']) {
  OLD_NAMES.set(`envoy.${name}`, `envoy.filters.http.${name}`);
}
for (const name of [
  'client_ssl_auth',
  'ext_authz',
  'http_connection_manager',
  'mongo_proxy',
  'ratelimit',
  'redis_proxy',
  'tcp_proxy',
]) {
  OLD_NAMES.set(`envoy.${name}`, `envoy.filters.network.${name}`);
}
for (const name of ['http_inspector', 'original_dst', 'original_src', 'proxy_protocol', 'tls_inspector']) {
  OLD_NAMES.set(`envoy.listener.${name}`, `envoy.filters.listener.${name}`);
}
OLD_NAMES.set('envoy.http_dynamo_filter', 'envoy.filters.http.dynamo');
OLD_NAMES.set('envoy.rate_limit', 'envoy.filters.http.ratelimit');

const OLD_FILTER_NAME: CheckFacts = {
  code: 'old-filter-name',
  severity: 'warning',
  what: 'A filter is matched by the name it had before the v3 API of Envoy.',
  why: 'Proxies use the new names; the old ones are only translated for a while.',
  todo: 'Use the new name, which the message gives.',
  source: `${WEBHOOK}, validateListenerMatchName`,
};

/** `ext_authz` was the old name of a network and of an HTTP filter; the place tells which. */
function currentName(old: string, place: 'network' | 'http'): string | undefined {
  if (old === 'envoy.ext_authz') return `envoy.filters.${place}.ext_authz`;
  return OLD_NAMES.get(old);
}

function oldName(place: 'network' | 'http'): Rule {
  return {
    facts: OLD_FILTER_NAME,
    run(node, report) {
      const scalar = asScalar(at(node, 'name'));
      const old = text(scalar);
      const current = old === undefined ? undefined : currentName(old, place);
      if (!scalar || current === undefined) return;
      const fixes = [{ title: `Change the name to ${current}`, safe: true, edits: [replaceScalar(scalar, current)] }];
      report(scalar, `\`${old}\` is an old name of \`${current}\`.`, { fixes });
    },
  };
}

export const filterNames = oldName('network');
export const subFilterNames = oldName('http');

const MATCH_MISMATCH: CheckFacts = {
  code: 'envoy-filter-match-mismatch',
  severity: 'error',
  what: 'The match of a patch is about another kind of object than `applyTo`.',
  why: 'It could never match; the webhook of istiod refuses the resource.',
  todo: 'Use `listener` for listeners, chains and filters, `routeConfiguration` for routes and virtual hosts, `cluster` for clusters.',
  source: `${WEBHOOK}, validateEnvoyFilter`,
};

const MATCH_FIELDS = ['listener', 'routeConfiguration', 'cluster'];
const MATCH_OF = new Map<string, string>([
  ...['LISTENER', 'FILTER_CHAIN', 'NETWORK_FILTER', 'HTTP_FILTER'].map((place) => [place, 'listener'] as const),
  ...['ROUTE_CONFIGURATION', 'VIRTUAL_HOST', 'HTTP_ROUTE'].map((place) => [place, 'routeConfiguration'] as const),
  ['CLUSTER', 'cluster'],
]);

/** For the patch as a whole. */
export const matchFitsPlace: Rule = {
  facts: MATCH_MISMATCH,
  run(node, report) {
    const match = at(node, 'match');
    const place = text(node, 'applyTo');
    const wanted = MATCH_OF.get(place ?? '');
    if (match === undefined || wanted === undefined || has(match, wanted)) return;
    const other = MATCH_FIELDS.find((name) => has(match, name));
    if (other === undefined) return;
    report(fieldNode(match, other), `\`applyTo: ${place}\` is matched by \`${wanted}\`, not by \`${other}\`.`);
  },
};

const FILTER_MATCH: CheckFacts = {
  code: 'envoy-filter-filter-match',
  severity: 'error',
  what: 'A match on filters that cannot work: without a name, or on a sub-filter where there is none.',
  why: 'Filters are found by name, and only the HTTP connection manager has filters inside; the webhook of istiod refuses the resource.',
  todo: `Name the filter. For an HTTP filter use \`applyTo: HTTP_FILTER\`, filter \`${CONNECTION_MANAGER}\` and the HTTP filter as \`subFilter\`.`,
  source: `${WEBHOOK}, validateEnvoyFilter`,
};

function filterOf(patch: YamlNode): YamlNode | undefined {
  return MATCH_OF.get(text(patch, 'applyTo') ?? '') === 'listener'
    ? asMap(at(patch, 'match', 'listener', 'filterChain', 'filter'))
    : undefined;
}

/** Empty when the name is absent; undefined when a template gives it. */
function nameOf(node: YamlNode): string | undefined {
  return has(node, 'name') ? text(node, 'name') : '';
}

export const filterMatchWorks: Rule = {
  facts: FILTER_MATCH,
  needsWhole: true,
  run(node, report) {
    const filter = filterOf(node);
    if (filter === undefined) return;
    const name = nameOf(filter);
    if (name === '') report(at(filter, 'name') ?? filter, 'The filter match needs a `name`.');
    else if (name !== undefined) reportSubFilter(filter, name, text(node, 'applyTo') ?? '', report);
  },
};

function reportSubFilter(filter: YamlNode, name: string, place: string, report: Report): void {
  const subFilter = asMap(at(filter, 'subFilter'));
  if (subFilter === undefined) return;
  if (place !== 'HTTP_FILTER') {
    report(subFilter, `\`subFilter\` is only for \`applyTo: HTTP_FILTER\`, and here it is \`${place}\`.`);
  } else if (name !== CONNECTION_MANAGER && name !== 'envoy.http_connection_manager') {
    report(
      fieldNode(filter, 'name'),
      `HTTP filters are inside \`${CONNECTION_MANAGER}\`; \`${name}\` has no sub-filters.`,
    );
  } else if (nameOf(subFilter) === '') {
    report(at(subFilter, 'name') ?? subFilter, '`subFilter` needs a `name`.');
  }
}

const FILTER_IGNORED: CheckFacts = {
  code: 'envoy-filter-filter-ignored',
  severity: 'warning',
  what: 'A match on a filter in a patch that changes listeners or filter chains.',
  why: 'Whole listeners and chains are patched whatever filters they hold, so more is changed than the match suggests.',
  todo: `Remove \`filter\` from the match, or use ${listOf(['NETWORK_FILTER', 'HTTP_FILTER'], 'or')} to change filters.`,
  source: `${WEBHOOK}, validateEnvoyFilter`,
};

export const filterMatchCounts: Rule = {
  facts: FILTER_IGNORED,
  run(node, report) {
    const place = text(node, 'applyTo');
    const filter = filterOf(node);
    if (filter === undefined || (place !== 'LISTENER' && place !== 'FILTER_CHAIN')) return;
    report(
      filter,
      `\`filter\` has no effect with \`applyTo: ${place}\`: the patch is applied whatever filters there are.`,
    );
  },
};
