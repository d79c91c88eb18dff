import { num, text } from '../../yaml/access.ts';
import { field, int, string } from '../define.ts';
import type { CheckFacts, Rule } from '../rule.ts';
import { isDnsLabel } from './hosts.ts';

/** Ports as Istio's networking kinds write them: a number, a name and the protocol that decides what the proxy understands. */

export const PORT_NUMBER: CheckFacts = {
  code: 'invalid-port-number',
  severity: 'error',
  what: 'A port number outside 1 to 65535.',
  why: 'No proxy can listen on or connect to such a port; the API server or the webhook of istiod refuses the resource.',
  todo: 'Write a number from 1 to 65535.',
  peers: ['CRD-CEL'],
  source: 'istio/istio pkg/config/validation/validation.go, port numbers; istio/api CRDs, CEL rules on ports',
};

const MAX_PORT = 65_535;
const MAX_UINT32 = 4_294_967_295;

export function isPort(value: number): boolean {
  return Number.isInteger(value) && value >= 1 && value <= MAX_PORT;
}

/** A number from 1 to 65535. `zeroAllowed` lets 0 pass, for fields where another field then says where traffic goes. */
export function portRange(options: { zeroAllowed?: boolean } = {}): Rule {
  return {
    facts: PORT_NUMBER,
    run(node, report) {
      const value = num(node);
      if (value === undefined || isPort(value) || (value === 0 && options.zeroAllowed)) return;
      // Numbers that do not fit the type at all are reported as out of range already.
      if (value < 0 || value > MAX_UINT32) return;
      report(node, `\`${value}\` is not a port: ports are numbers from 1 to ${MAX_PORT}.`);
    },
  };
}

/** An unsigned 32-bit number, as the CRDs type every port, with the rules that the field has beyond that. */
export function uint32(rules: readonly Rule[] = []) {
  return int({ min: 0, max: MAX_UINT32, rules });
}

export function portNumber() {
  return uint32([portRange()]);
}

export const PORT_NAME: CheckFacts = {
  code: 'invalid-port-name',
  severity: 'error',
  what: 'A port name that is empty or not a DNS label.',
  why: 'The webhook of istiod refuses the resource.',
  todo: 'Use at most 63 letters, digits and hyphens, with a letter or digit at both ends, such as `http-web`.',
  peers: ['CRD-CEL'],
  source: 'istio/istio pkg/config/validation/validation.go, ValidatePortName',
};

/** Why a text is no port name, as the end of a sentence. */
function portNameProblem(name: string): string | undefined {
  if (name === '') return 'it is empty';
  return isDnsLabel(name)
    ? undefined
    : 'it must be at most 63 letters, digits and hyphens, with a letter or digit at both ends';
}

/** A DNS label; or, where the name is optional, nothing. */
export function portName(options: { emptyAllowed?: boolean } = {}): Rule {
  return {
    facts: PORT_NAME,
    run(node, report) {
      const name = text(node);
      if (name === undefined || (name === '' && options.emptyAllowed)) return;
      const problem = portNameProblem(name);
      if (problem) report(node, `\`${name}\` is not a port name: ${problem}.`);
    },
  };
}

/** Port names that only have to be there. */
export const portNameGiven: Rule = {
  facts: PORT_NAME,
  run(node, report) {
    if (text(node) === '') report(node, 'The port needs a name; an empty one does not count.');
  },
};

const TARGET_PORT_IGNORED: CheckFacts = {
  code: 'target-port-ignored',
  severity: 'error',
  what: '`targetPort` on a Gateway or Sidecar listener.',
  why: 'These listeners forward by routes, not by port, so the number would do nothing; the webhook of istiod refuses it.',
  todo: 'Remove `targetPort`. Say the port of the workload in the Service, or in `defaultEndpoint` of a Sidecar.',
  source: 'istio/istio pkg/config/validation/validation.go, validateServerPort and ValidateSidecar',
};

const targetPortIgnored: Rule = {
  facts: TARGET_PORT_IGNORED,
  run(node, report) {
    const value = num(node);
    if (value !== undefined && value > 0)
      report(node, '`targetPort` has no effect on this listener, and istiod refuses it; remove it.');
  },
};

/** `targetPort` where it never had a meaning. */
export function uselessTargetPort() {
  return field(
    uint32([targetPortIgnored]),
    'Never had an effect here: a listener forwards by its routes. istiod refuses any value but 0.',
    { deprecated: { note: 'It has no effect on a listener, and istiod refuses it.' } },
  );
}

/** A name that the CRD limits by length alone; the label form is the webhook's word. */
export function namedPort(options: { max?: number } = {}) {
  return string({ max: options.max, rules: [portName()] });
}
