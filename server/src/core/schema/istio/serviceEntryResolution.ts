import { at, has, items, text } from '../../yaml/access.ts';
import type { YamlNode } from '../../yaml/tree.ts';
import type { CheckFacts, Report, Rule, RuleContext } from '../rule.ts';
import { fieldNode, textsOf } from '../rules.ts';
import { isWildcard } from './hosts.ts';
import { protocolClass } from './portProtocol.ts';
import { isFilled } from './serverTlsRules.ts';

/** What a ServiceEntry may say depends on its `resolution`; these rules get its spec. */

const DEFAULT_RESOLUTION = 'NONE';
export const WEBHOOK = 'istio/istio pkg/config/validation/validation.go, ValidateServiceEntry';

/** The resolution in effect; undefined when a template decides it. */
export function resolutionOf(spec: YamlNode): string | undefined {
  return has(spec, 'resolution') ? text(spec, 'resolution') : DEFAULT_RESOLUTION;
}

export function isDns(resolution: string | undefined): boolean {
  return resolution === 'DNS' || resolution === 'DNS_ROUND_ROBIN';
}

const ENDPOINTS_WITHOUT_RESOLUTION: CheckFacts = {
  code: 'endpoints-without-resolution',
  severity: 'error',
  what: 'Endpoints in a ServiceEntry with resolution `NONE`, often because `resolution` was forgotten.',
  why: 'With `NONE`, connections go to the address that the client asked for, so endpoints would be ignored; the API server refuses the resource.',
  todo: 'Set `resolution: STATIC` for endpoints with IP addresses or `DNS` for names, or remove `endpoints`.',
  peers: ['CRD-CEL'],
  source: 'istio/api CRD ServiceEntry, CEL rule on .spec',
};

const endpointsNeedResolution: Rule = {
  facts: ENDPOINTS_WITHOUT_RESOLUTION,
  needsWhole: true,
  run(node, report) {
    if (resolutionOf(node) !== 'NONE' || !has(node, 'endpoints')) return;
    const why = has(node, 'resolution') ? '`resolution` is `NONE`' : '`resolution` is not set, which means `NONE`';
    report(
      fieldNode(node, 'endpoints'),
      `\`endpoints\` cannot be used: ${why}. Use \`STATIC\` for addresses or \`DNS\` for names.`,
    );
  },
};

const SELECTOR_WITH_NONE: CheckFacts = {
  code: 'selector-with-resolution-none',
  severity: 'warning',
  what: '`workloadSelector` in a ServiceEntry with resolution `NONE`.',
  why: 'Connections go to the address that the client asked for, so the selected workloads are never used.',
  todo: 'Set `resolution: STATIC`, or remove `workloadSelector`.',
  source: WEBHOOK,
};

const selectorNeedsResolution: Rule = {
  facts: SELECTOR_WITH_NONE,
  needsWhole: true,
  run(node, report) {
    if (resolutionOf(node) !== 'NONE' || !has(node, 'workloadSelector')) return;
    const why = has(node, 'resolution') ? 'with resolution `NONE`' : 'without `resolution`, which then is `NONE`,';
    report(
      fieldNode(node, 'workloadSelector'),
      `\`workloadSelector\` has no effect: ${why} traffic goes to the address that was asked for.`,
    );
  },
};

const CIDR_RESOLUTION: CheckFacts = {
  code: 'cidr-needs-static-resolution',
  severity: 'error',
  what: 'A network (CIDR) in `addresses` with a resolution by DNS.',
  why: 'A range cannot stand for one resolved name; the API server refuses the resource.',
  todo: 'Use `resolution: NONE` or `STATIC` for ranges, or write single addresses.',
  peers: ['CRD-CEL'],
  source: 'istio/api CRD ServiceEntry, CEL rule on .spec',
};

const cidrNeedsStatic: Rule = {
  facts: CIDR_RESOLUTION,
  run(node, report) {
    const resolution = resolutionOf(node);
    if (resolution === undefined || resolution === 'NONE' || resolution === 'STATIC') return;
    for (const { text: address, node: where } of textsOf(node, 'addresses')) {
      if (address.includes('/'))
        report(
          where,
          `The range \`${address}\` needs resolution \`NONE\` or \`STATIC\`, and here it is \`${resolution}\`.`,
        );
    }
  },
};

const ONE_ENDPOINT: CheckFacts = {
  code: 'round-robin-one-endpoint',
  severity: 'error',
  what: 'Several endpoints with resolution `DNS_ROUND_ROBIN`.',
  why: 'The mode connects to the first address of **one** name; the API server refuses more.',
  todo: 'Use `resolution: DNS` for several endpoints, or keep one.',
  peers: ['CRD-CEL'],
  source: 'istio/api CRD ServiceEntry, CEL rule on .spec',
};

const roundRobinHasOneEndpoint: Rule = {
  facts: ONE_ENDPOINT,
  run(node, report) {
    const second = items(node, 'endpoints')[1];
    if (resolutionOf(node) !== 'DNS_ROUND_ROBIN' || second === undefined) return;
    report(second, '`DNS_ROUND_ROBIN` takes at most one endpoint; use `DNS` for several.');
  },
};

const UNRESOLVABLE_HOST: CheckFacts = {
  code: 'wildcard-host-by-dns',
  severity: 'warning',
  what: 'A wildcard host with resolution by DNS and no endpoints.',
  why: 'A wildcard is no name that DNS could resolve, so sidecars have nowhere to send the traffic.',
  todo: 'Write the hosts out, add endpoints, use `NONE` to connect where the client wants to, or `DYNAMIC_DNS` to resolve the name of each request.',
  source: WEBHOOK,
};

const hostsCanBeResolved: Rule = {
  facts: UNRESOLVABLE_HOST,
  needsWhole: true,
  run(node, report) {
    const resolution = resolutionOf(node);
    if (!isDns(resolution) || items(node, 'endpoints').length > 0 || has(node, 'workloadSelector')) return;
    for (const { text: host, node: where } of textsOf(node, 'hosts')) {
      if (host !== '*' && isWildcard(host))
        report(
          where,
          `\`${host}\` cannot be resolved by DNS: with \`${resolution}\` a wildcard host needs \`endpoints\`.`,
        );
    }
  },
};

const DYNAMIC_DNS: CheckFacts = {
  code: 'dynamic-dns-conflict',
  severity: 'error',
  what: 'A ServiceEntry with resolution `DYNAMIC_DNS` says something that this mode cannot use.',
  why: 'The name to resolve comes from each request, so hosts must be wildcards, ports must carry names (HTTP or TLS), and fixed addresses make no sense; the webhook of istiod refuses the resource.',
  todo: 'Keep wildcard hosts and HTTP or TLS ports, remove `addresses` and `endpoints`; or use another resolution.',
  source: WEBHOOK,
};

const dynamicDns: Rule = {
  facts: DYNAMIC_DNS,
  run(node, report, context) {
    if (resolutionOf(node) !== 'DYNAMIC_DNS') return;
    for (const { text: host, node: where } of textsOf(node, 'hosts')) {
      if (!isWildcard(host))
        report(
          where,
          `With \`DYNAMIC_DNS\` every host is a wildcard such as \`*.example.com\`; use \`DNS\` for \`${host}\`.`,
        );
    }
    for (const name of ['addresses', 'endpoints']) {
      if (isFilled(node, name))
        report(
          fieldNode(node, name),
          `\`${name}\` cannot be used with \`DYNAMIC_DNS\`, which resolves the name of each request.`,
        );
    }
    for (const port of items(node, 'ports')) reportNamelessProtocol(port, report);
    if (text(node, 'location') === 'MESH_INTERNAL' && usesWaypoint(context)) {
      report(fieldNode(node, 'location'), '`MESH_INTERNAL` cannot be combined with `DYNAMIC_DNS` at a waypoint.');
    }
  },
};

function reportNamelessProtocol(port: YamlNode, report: Report): void {
  const protocol = has(port, 'protocol') ? text(port, 'protocol') : '';
  if (protocol === undefined || ['http', 'tls'].includes(protocolClass(protocol))) return;
  const where = at(port, 'protocol') ?? at(port, 'name') ?? port;
  report(
    where,
    `With \`DYNAMIC_DNS\` a port needs protocol HTTP, HTTP2, GRPC, HTTPS or TLS; nothing else carries the name to resolve.`,
  );
}

function usesWaypoint(context: RuleContext): boolean {
  const waypoint = text(context.root, 'metadata', 'labels', 'istio.io/use-waypoint');
  return waypoint !== undefined && waypoint !== '' && waypoint !== 'none';
}

export const resolutionRules: readonly Rule[] = [
  endpointsNeedResolution,
  selectorNeedsResolution,
  cidrNeedsStatic,
  roundRobinHasOneEndpoint,
  hostsCanBeResolved,
  dynamicDns,
];
