import { parseNetwork } from '../addresses.ts';
import type { ValueDoc } from '../define.ts';
import { goDurationMs } from '../formats.ts';

/** The forms that values of mesh labels and annotations can have. All are text; the form says how the mesh reads it. */
export interface ValueForm {
  /** Ends the sentence "It takes …". */
  readonly takes: string;
  /** Whether the mesh can read the text. */
  readonly accepts: (text: string) => boolean;
  /** The values with what they do, where they can be listed. */
  readonly values?: ReadonlyMap<string, ValueDoc>;
}

function form(takes: string, accepts: (text: string) => boolean): ValueForm {
  return { takes, accepts };
}

export const anyText = form('any text', () => true);

export function textLike(takes: string, pattern: RegExp): ValueForm {
  return form(takes, (text) => pattern.test(text));
}

/** One of the listed values. */
export function oneOf(values: Readonly<Record<string, string>>, options: { ignoreCase?: true } = {}): ValueForm {
  const documented = new Map(Object.entries(values).map(([value, doc]) => [value, { doc }]));
  const names = [...documented.keys()];
  const folded = new Set(names.map((name) => name.toLowerCase()));
  return {
    takes: names
      .map((name) => `\`${name}\``)
      .join(', ')
      .replace(/, (?=[^,]*$)/, ' or '),
    accepts: (text) => (options.ignoreCase ? folded.has(text.toLowerCase()) : documented.has(text)),
    values: documented,
  };
}

/** `true` or `false`, with what each does. Go programs read more words than these; we accept, but do not offer them. */
export function boolean(yes: string, no: string): ValueForm {
  return {
    ...oneOf({ true: yes, false: no }),
    accepts: (text) => /^(?:1|t|T|TRUE|true|True|0|f|F|FALSE|false|False)$/.test(text),
  };
}

/** A name from a list of well-known ones, where others are possible. */
export function suggested(
  takes: string,
  values: Readonly<Record<string, string>>,
  accepts: (text: string) => boolean,
): ValueForm {
  return { takes, accepts, values: oneOf(values).values ?? new Map() };
}

export function integer(min: number, max: number): ValueForm {
  return form(`a whole number from ${min} to ${max}`, (text) => inRange(text, min, max));
}

function inRange(text: string, min: number, max: number): boolean {
  return /^[-+]?\d{1,19}$/.test(text) && Number(text) >= min && Number(text) <= max;
}

export const anyInteger = form('a whole number', (text) => /^[-+]?\d{1,19}$/.test(text));
export const port = integer(0, 65535);

export function decimal(min: number, max: number): ValueForm {
  return form(
    `a number from ${min} to ${max}`,
    (text) => /^[-+]?(?:\d+\.?\d*|\.\d+)$/.test(text) && Number(text) >= min && Number(text) <= max,
  );
}

export const quantity = form('a Kubernetes quantity, such as `100m` or `128Mi`', (text) =>
  /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[KMGTPE]i|[numkMGTPE]|[eE][+-]?\d+)?$/.test(text),
);

export const goDuration = form(
  'a duration, such as `500ms`, `10s` or `1h30m`',
  (text) => goDurationMs(text) !== undefined,
);

const LINKERD_UNITS: Readonly<Record<string, bigint>> = { ms: 1n, s: 1000n, m: 60_000n, h: 3_600_000n, d: 86_400_000n };
const MAX_U64 = 2n ** 64n - 1n;

/** Milliseconds of a duration as Linkerd's policy controller reads it, or undefined: whole numbers with one unit. */
export function linkerdDurationMs(text: string): bigint | undefined {
  const match = /^(\d{1,20})(ms|s|m|h|d)?$/.exec(text.trim());
  if (!match) return undefined;
  const magnitude = BigInt(match[1] ?? '0');
  if (match[2] === undefined) return magnitude === 0n ? 0n : undefined;
  const ms = magnitude * (LINKERD_UNITS[match[2]] ?? 0n);
  return ms <= MAX_U64 ? ms : undefined;
}

export function linkerdDuration(minMs = 0): ValueForm {
  const least = minMs > 0 ? ` of at least ${minMs}ms` : '';
  return form(
    `a whole number with one unit (\`ms\`, \`s\`, \`m\`, \`h\` or \`d\`)${least}, such as \`500ms\` or \`10s\``,
    (text) => {
      const ms = linkerdDurationMs(text);
      return ms !== undefined && ms >= BigInt(minMs);
    },
  );
}

function listOf(text: string, accepts: (item: string) => boolean): boolean {
  return text.split(',').every((item) => accepts(item.trim()));
}

const isPort = (text: string) => inRange(text, 1, 65535);

/** Ports separated by commas. An empty list is a list. */
export const ports = form(
  'port numbers separated by commas',
  (text) => text.trim() === '' || listOf(text, (item) => inRange(item, 0, 65535)),
);
export const allOrPorts = form(
  '`*` for all ports, or port numbers separated by commas',
  (text) => text.trim() === '*' || ports.accepts(text),
);

function isPortRange(text: string): boolean {
  const [first = '', last, ...more] = text.split('-');
  if (last === undefined) return isPort(first);
  return more.length === 0 && isPort(first) && isPort(last) && Number(first) <= Number(last);
}

export const portRanges = form(
  'ports and port ranges separated by commas, such as `25,8000-8100`',
  (text) => text.trim() === '' || listOf(text, isPortRange),
);
export const portRangesOrNames = form(
  'ports, port ranges and names of container ports separated by commas, such as `25,8000-8100,mysql`',
  (text) => {
    return (
      text.trim() === '' ||
      listOf(text, (item) => isPortRange(item) || /^(?=.*[a-z])[a-z0-9](?:[a-z0-9-]{0,13}[a-z0-9])?$/.test(item))
    );
  },
);

const isCidr = (text: string) => text.includes('/') && parseNetwork(text) !== undefined;
export const cidrs = form(
  'networks such as `10.0.0.0/8`, separated by commas',
  (text) => text.trim() === '' || listOf(text, isCidr),
);
export const allOrCidrs = form(
  '`*` for all addresses, or networks such as `10.0.0.0/8`, separated by commas',
  (text) => text.trim() === '*' || cidrs.accepts(text),
);

const DNS_LABEL = /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?$/;
export const resourceName = textLike(
  'the name of a resource: lower-case letters, digits, dashes and dots',
  /^[a-z0-9](?:[-a-z0-9.]*[a-z0-9])?$/,
);
export const namespaceName = textLike('the name of a namespace', DNS_LABEL);
export const exportTo = form('`*`, `.`, `~` or names of namespaces, separated by commas', (text) =>
  listOf(text, (item) => ['*', '.', '~'].includes(item) || DNS_LABEL.test(item)),
);
export const names = textLike('names separated by commas', /^[^,\s][^,]*(?:,\s*[^,\s][^,]*)*$/);
export const keyValues = textLike(
  'labels such as `zone=a`, separated by commas',
  /^[^=,\s]+=[^=,\s]*(?:,[^=,\s]+=[^=,\s]*)*$/,
);
export const url = textLike(
  'an address with its scheme, such as `http://prometheus.monitoring:9090`',
  /^[a-z][a-z0-9+.-]*:\/\/\S+$/,
);

export const json = form('JSON', (text) => {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
});

function isHttpStatus(text: string): boolean {
  return /^[1-5]\d\d$/.test(text);
}

/** Linkerd does not trim here: a blank after a comma makes the whole annotation unreadable. */
export const httpRetryConditions = suggested(
  '`5xx`, `gateway-error`, response codes and ranges such as `500-503`, separated by commas without blanks',
  {
    '5xx': 'Retries every response code from 500 to 599.',
    'gateway-error': 'Retries the response codes 502, 503 and 504.',
  },
  (text) =>
    text.split(',').every((item) => {
      const [first = '', last, ...more] = item.split('-');
      if (/^(?:5xx|gateway-error)$/i.test(item) || isHttpStatus(item)) return true;
      return last !== undefined && more.length === 0 && isHttpStatus(first) && isHttpStatus(last) && first <= last;
    }),
);

export const grpcRetryConditions = suggested(
  'gRPC statuses separated by commas without blanks: `cancelled`, `deadline-exceeded`, `internal`, `resource-exhausted`, `unavailable`',
  {
    unavailable: 'Retries calls that end with UNAVAILABLE, as when the server cannot be reached.',
    'deadline-exceeded': 'Retries calls that end with DEADLINE_EXCEEDED.',
    'resource-exhausted': 'Retries calls that end with RESOURCE_EXHAUSTED, as under rate limits.',
    internal: 'Retries calls that end with INTERNAL.',
    cancelled: 'Retries calls that end with CANCELLED.',
  },
  (text) =>
    text
      .split(',')
      .every((item) => /^(?:cancelled|deadline-exceeded|internal|resource-exhausted|unavailable)$/i.test(item)),
);
