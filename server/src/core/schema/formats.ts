import { RE2JS } from 're2js';
import { text } from '../yaml/access.ts';
import type { CheckFacts, Rule } from './rule.ts';

/** Forms of a single scalar that a pattern cannot say: durations, regular expressions, addresses. */

export const INVALID_DURATION: CheckFacts = {
  code: 'invalid-duration',
  severity: 'error',
  what: 'A duration in a form or size that the field does not take.',
  why: 'The API server or the control plane refuses the resource.',
  todo: 'Write a number with a unit, such as `500ms`, `10s` or `1h30m`.',
  peers: ['CRD-CEL', 'IST0106'],
};

export const INVALID_REGEX: CheckFacts = {
  code: 'invalid-regex',
  severity: 'error',
  what: 'A regular expression that RE2, the engine of Envoy and Linkerd, does not accept.',
  why: 'The proxy rejects the whole configuration that contains it, so the route or policy is not updated.',
  todo: 'Rewrite it without look-around and back-references, and keep repetition counts at or below 1000.',
};

const GO_DURATION = /^[-+]?(?:0|(?:(?:\d+\.?\d*|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+)$/;
/** As nearly all are written. */
const ONE_PART = /^(\d+)(ms|s|m|h)$/;
const GO_PART = /(\d+\.?\d*|\.\d+)(ns|us|µs|μs|ms|s|m|h)/g;
const UNIT_MS: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  μs: 1e-3,
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
};

/** Go counts nanoseconds in 64 bits, which is some 292 years. */
const MAX_MS = 2 ** 63 / 1e6;

/** Milliseconds of a Go duration such as `1m30s`, or undefined when the text is not one. */
export function goDurationMs(value: string): number | undefined {
  const [, only, unitOfOnly] = ONE_PART.exec(value) ?? [];
  if (only !== undefined) return Number(only) * (UNIT_MS[unitOfOnly ?? ''] ?? 0);
  if (!GO_DURATION.test(value)) return undefined;
  let total = 0;
  for (const [, amount, unit] of value.matchAll(GO_PART)) total += Number(amount) * (UNIT_MS[unit ?? ''] ?? 0);
  return value.startsWith('-') ? -total : total;
}

interface DurationLimits {
  readonly minMs?: number;
  /** Parts of a millisecond are refused. */
  readonly wholeMs?: boolean;
  /** Zero is allowed although it is below `minMs`: it switches something off. */
  readonly orZero?: boolean;
  /** An empty text is the same as none. */
  readonly orEmpty?: boolean;
}

/** A Go duration, optionally with a smallest value in milliseconds. */
export function duration(limits: DurationLimits = {}): Rule {
  return {
    facts: INVALID_DURATION,
    run(node, report) {
      const value = text(node);
      if (value === undefined || (limits.orEmpty === true && value === '')) return;
      const ms = goDurationMs(value);
      if (ms === undefined) {
        report(
          node,
          `\`${value}\` is not a duration; write a number with a unit, such as \`500ms\`, \`10s\` or \`1h30m\`.`,
        );
      } else if (Math.abs(ms) >= MAX_MS) {
        report(node, `\`${value}\` is too long: a duration must be at most 2562047h.`);
      } else if (limits.orZero === true && ms === 0) {
        return;
      } else if (limits.minMs !== undefined && ms < limits.minMs) {
        report(
          node,
          `\`${value}\` is too short: this duration must be ${limits.orZero === true ? '0s or ' : ''}at least ${limits.minMs}ms.`,
        );
      } else if (limits.wholeMs === true && Math.round(ms * 1e6) % 1e6 !== 0) {
        report(node, `\`${value}\` is too precise: this duration must be a whole number of milliseconds.`);
      }
    },
  };
}

/** A pattern that RE2 compiles. */
export function re2(): Rule {
  return {
    facts: INVALID_REGEX,
    run(node, report) {
      const value = text(node);
      if (value === undefined) return;
      const reason = regexProblem(value);
      if (reason !== undefined)
        report(node, `RE2, the engine of Envoy and Linkerd, refuses this regular expression: ${reason}.`);
    },
  };
}

/** Why RE2 refuses a pattern, or undefined when it compiles. */
export function regexProblem(pattern: string): string | undefined {
  try {
    RE2JS.compile(pattern);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message.replace(/^error parsing regexp: /, '') : 'it does not compile';
  }
}

/** The name of a port, as Kubernetes takes it: letters, digits and single hyphens, at most 15 of them, and a letter among them. */
export function isPortName(text: string): boolean {
  return text.length <= 15 && /[a-z]/.test(text) && /^[a-z0-9]+(?:-[a-z0-9]+)*$/.test(text);
}
