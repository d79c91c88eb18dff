import { asScalar, at, has, items, num, text } from '../../yaml/access.ts';
import { replaceScalar } from '../../yaml/edits.ts';
import type { YamlNode } from '../../yaml/tree.ts';
import type { CheckFacts, Fix, Report, Rule } from '../rule.ts';
import { fieldNode } from '../rules.ts';
import { nearestName } from '../unknownField.ts';

/** What Istio expects of the Gateways that are part of its ambient mesh: waypoints and east-west gateways. */

const SOURCE = 'istio/istio: pilot/pkg/config/kube/gateway, listeners of waypoints and east-west gateways';
const HBONE_PORT = 15008;
const WAYPOINT = 'istio-waypoint';
const EAST_WEST = 'istio-east-west';

const LISTENER: CheckFacts = {
  code: 'waypoint-listener-unexpected',
  severity: 'warning',
  what: 'A waypoint or east-west gateway whose listener is not the one that Istio expects: port 15008, protocol `HBONE`.',
  why: 'Other proxies call it at 15008 with HBONE, whatever its listeners say; Istio marks other listeners as not accepted, and `hostname` does nothing.',
  todo: 'Give it exactly one listener with `port: 15008` and `protocol: HBONE`, for a waypoint without `tls` and `hostname`.',
  source: SOURCE,
};

function changeTo(node: YamlNode | undefined, value: string | number): Fix[] {
  const scalar = asScalar(node);
  return scalar ? [{ title: `Change to ${value}`, safe: false, edits: [replaceScalar(scalar, value)] }] : [];
}

function checkListener(listener: YamlNode, className: string, report: Report): void {
  const port = num(listener, 'port');
  const protocol = text(listener, 'protocol');
  const expected = `a Gateway of class \`${className}\` has one listener, with \`port: ${HBONE_PORT}\` and \`protocol: HBONE\`.`;
  if (port !== undefined && port !== HBONE_PORT) {
    const node = fieldNode(listener, 'port');
    report(node, `${port} is not the port of waypoints: ${expected}`, { fixes: changeTo(node, HBONE_PORT) });
  }
  if (protocol !== undefined && protocol !== 'HBONE') {
    const node = fieldNode(listener, 'protocol');
    report(node, `\`${protocol}\` is not the protocol of waypoints: ${expected}`, { fixes: changeTo(node, 'HBONE') });
  }
  if (has(listener, 'hostname'))
    report(
      fieldNode(listener, 'hostname'),
      'A waypoint serves whatever names it in its labels; `hostname` does nothing here.',
    );
  if (className === WAYPOINT && has(listener, 'tls')) {
    report(fieldNode(listener, 'tls'), 'A waypoint uses its mesh certificate; `tls` does nothing here.');
  }
}

/** For the spec of a Gateway. */
export const waypointListener: Rule = {
  facts: LISTENER,
  run(node, report) {
    const className = text(node, 'gatewayClassName');
    if (className !== WAYPOINT && className !== EAST_WEST) return;
    for (const listener of items(node, 'listeners')) checkListener(listener, className, report);
  },
};

const HBONE_CLASS: CheckFacts = {
  code: 'hbone-needs-waypoint-class',
  severity: 'warning',
  what: 'A Gateway of class `istio` with a listener of protocol `HBONE`.',
  why: 'The class `istio` makes an ingress gateway, and Istio does not accept the listener. Whatever names this Gateway as its waypoint then goes without one.',
  todo: 'Set `gatewayClassName: istio-waypoint` for a waypoint, or use HTTP, HTTPS, TLS or TCP for an ingress gateway.',
  source: SOURCE,
};

/** For the spec of a Gateway. */
export const hboneNeedsWaypoint: Rule = {
  facts: HBONE_CLASS,
  run(node, report) {
    if (text(node, 'gatewayClassName') !== 'istio') return;
    if (!items(node, 'listeners').some((listener) => text(listener, 'protocol') === 'HBONE')) return;
    const className = fieldNode(node, 'gatewayClassName');
    report(
      className,
      '`istio` is the class of ingress gateways, which take no `HBONE`; a waypoint has the class `istio-waypoint`.',
      {
        fixes: changeTo(className, WAYPOINT),
      },
    );
  },
};

const MISSPELLED: CheckFacts = {
  code: 'gateway-class-misspelled',
  severity: 'warning',
  what: "A GatewayClass whose name is nearly that of one of Istio's.",
  why: 'A Gateway of a class that does not exist is never deployed. A waypoint that is missing is skipped, and its policies with it.',
  todo: 'Correct the name.',
  peers: ['KIA1504'],
  source: 'istio/istio: pilot/pkg/config/kube/gateway, built-in classes',
};

/** The short name `istio` is left out: too much is near it. */
const BUILT_IN_CLASSES = [WAYPOINT, EAST_WEST, 'istio-remote'];

/** For the spec of a Gateway. */
export const knownClassSpelling: Rule = {
  facts: MISSPELLED,
  run(node, report) {
    const className = text(node, 'gatewayClassName');
    if (className === undefined || BUILT_IN_CLASSES.includes(className)) return;
    const near = nearestName(className, BUILT_IN_CLASSES);
    // `istio-waypoint-v2` is a name that someone chose, not a slip.
    if (near === undefined || className.startsWith(near)) return;
    const place = at(node, 'gatewayClassName');
    if (place)
      report(place, `There is no class \`${className}\` in Istio. Did you mean \`${near}\`?`, {
        fixes: changeTo(place, near),
      });
  },
};
