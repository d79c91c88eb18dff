import { parseNetwork } from '../../schema/addresses.ts';
import { asMap, asSeq, at, has, text } from '../../yaml/access.ts';
import type { YamlNode } from '../../yaml/tree.ts';
import { every, not, some, type Truth, truthOf } from '../truth.ts';
import { type Attributes, partsOf } from './attributes.ts';
import { isLostAtZtunnel, isReadable, type Reader } from './fields.ts';
import { anyFits, hostFits, pathFits, patternFits } from './patterns.ts';

export type Action = 'ALLOW' | 'DENY' | 'AUDIT' | 'CUSTOM';

/** One field of a source, an operation or a condition. */
interface Field {
  readonly name: string;
  readonly values: readonly YamlNode[];
  readonly fits: (value: string) => Truth;
  readonly negated: boolean;
}

/** Of a clause any item has to match, and of an item all fields. */
type Item = readonly Field[];

/** Whether a rule matches, as its reader understands it. */
export function ruleMatches(
  rule: YamlNode,
  namespace: string,
  attributes: Attributes,
  action: Action,
  reader: Reader,
): Truth {
  const clauses = clausesOf(rule, namespace, attributes);
  const unreadable = (field: Field) => !isReadable(field.name, reader);
  const drops = action === 'ALLOW' || action === 'CUSTOM';
  if (drops && clauses.some((clause) => clause.some((item) => item.some((field) => needsMore(field.name, reader)))))
    return 'no';
  return every(clauses, (clause) =>
    some(clause, (item) => {
      const readable = item.filter((field) => !unreadable(field));
      const left = reader === 'ztunnel' ? readable.flatMap(parsedAlone) : readable;
      // ztunnel skips an item with nothing in it, left or written so; Envoy takes it as one that asks for nothing.
      if (left.length === 0 && reader === 'ztunnel') return 'no';
      return every(left, fieldMatches);
    }),
  );
}

/** Fields whose values ztunnel gets as numbers and networks: what does not parse is dropped without a word. */
const PARSED: Readonly<Record<string, (value: string) => boolean>> = {
  ports: isPort,
  'when destination.port': isPort,
  ipBlocks: isNetwork,
  'when source.ip': isNetwork,
  'when destination.ip': isNetwork,
};

function isPort(value: string): boolean {
  return /^\d{1,5}$/.test(value) && Number(value) <= 65535;
}

function isNetwork(value: string): boolean {
  return parseNetwork(value) !== undefined;
}

/** The field with the values that parse; nothing where none does. */
function parsedAlone(field: Field): Field[] {
  const parses = PARSED[field.name];
  if (!parses) return [field];
  const values = field.values.filter((node) => {
    const value = text(node);
    return value === undefined || parses(value);
  });
  return values.length === 0 ? [] : [{ ...field, values }];
}

/** Whether the reader would need to read HTTP for a field, so that it drops an ALLOW rule with it. */
function needsMore(name: string, reader: Reader): boolean {
  return !isReadable(name, reader) && !isLostAtZtunnel(name);
}

function fieldMatches({ values, fits, negated }: Field): Truth {
  const found = anyFits(values, fits);
  return negated ? not(found) : found;
}

function clausesOf(rule: YamlNode, namespace: string, attributes: Attributes): Item[][] {
  return [
    partsIn(rule, 'from').map((from) => partOf(from, 'source', (source) => sourceOf(source, namespace, attributes))),
    partsIn(rule, 'to').map((to) => partOf(to, 'operation', (operation) => operationOf(operation, attributes))),
    ...partsIn(rule, 'when').map((when) => [
      asMap(when) ? conditionOf(when, namespace, attributes) : [undecided(when)],
    ]),
  ].filter((clause) => clause.length > 0);
}

/** The items of a list. What should be one and is not (a template, a slip) stands for an item that nobody can read. */
function partsIn(holder: YamlNode | undefined, key: string): readonly YamlNode[] {
  const node = at(holder, key);
  return node ? (asSeq(node)?.items ?? [node]) : [];
}

function partOf(part: YamlNode, key: string, read: (inner: YamlNode) => Item): Item {
  const inner = at(part, key);
  if (asMap(part) && !inner) return [];
  return inner && asMap(inner) ? read(inner) : [undecided(part)];
}

/** Whether it matches, files do not say. */
function undecided(node: YamlNode): Field {
  return { name: 'unreadable', values: [node], fits: () => 'unknown', negated: false };
}

type Fits = (value: string) => Truth;

function sourceOf(source: YamlNode | undefined, namespace: string, attributes: Attributes): Item {
  const { principal, http } = attributes;
  const parts = partsOf(principal);
  return fieldsOf(source, [
    ['principals', 'notPrincipals', (value) => truthOf(principal !== null && patternFits(value, principal))],
    ['namespaces', 'notNamespaces', (value) => truthOf(parts !== undefined && patternFits(value, parts.namespace))],
    ['serviceAccounts', 'notServiceAccounts', (value) => truthOf(isAccount(value, namespace, attributes))],
    [
      'trustDomains',
      'notTrustDomains',
      (value) => truthOf(parts !== undefined && patternFits(value, parts.trustDomain)),
    ],
    ['ipBlocks', 'notIpBlocks', addressFits],
    ['remoteIpBlocks', 'notRemoteIpBlocks', addressFits],
    ['requestPrincipals', 'notRequestPrincipals', () => tokenFits(http)],
  ]);
}

function isAccount(value: string, namespace: string, { principal }: Attributes): boolean {
  const parts = partsOf(principal);
  const [first = '', second] = value.split('/');
  const [wanted, account] = second === undefined ? [namespace, first] : [first, second];
  return parts !== undefined && parts.namespace === wanted && parts.serviceAccount === account;
}

/** Addresses of pods are in no file; only what is for all of them can be told. */
function addressFits(value: string): Truth {
  return value === '0.0.0.0/0' || value === '::/0' ? 'yes' : 'unknown';
}

/** A request without a token has no principal; what a token would say is in no file. */
function tokenFits(http: Attributes['http']): Truth {
  return http?.headers.has('authorization') ? 'unknown' : 'no';
}

function operationOf(operation: YamlNode | undefined, { port, http }: Attributes): Item {
  return fieldsOf(operation, [
    ['hosts', 'notHosts', (value) => hostTruth(value, http)],
    ['methods', 'notMethods', (value) => truthOf(http !== undefined && patternFits(value, http.method))],
    ['paths', 'notPaths', (value) => truthOf(http !== undefined && pathFits(value, http.path))],
    ['ports', 'notPorts', (value) => truthOf(Number(value) === port)],
  ]);
}

function hostTruth(value: string, http: Attributes['http']): Truth {
  if (!http) return 'no';
  return http.host === undefined ? 'unknown' : truthOf(hostFits(value, http.host));
}

function fieldsOf(
  holder: YamlNode | undefined,
  known: readonly (readonly [name: string, negation: string, fits: Fits])[],
): Field[] {
  return known.flatMap(([name, negation, fits]) =>
    [name, negation].flatMap((key): Field[] => {
      const node = at(holder, key);
      const values = asSeq(node)?.items;
      if (node && !values) return [{ ...undecided(node), name }];
      return !values || values.length === 0 ? [] : [{ name, values, fits, negated: key === negation }];
    }),
  );
}

/** A condition with both lists has to match both. */
function conditionOf(when: YamlNode, namespace: string, attributes: Attributes): Item {
  const key = text(when, 'key');
  const fits = conditionFits(key, namespace, attributes);
  return ['values', 'notValues'].flatMap((list): Field[] =>
    has(when, list)
      ? [{ name: `when ${key ?? ''}`, values: partsIn(when, list), fits, negated: list === 'notValues' }]
      : [],
  );
}

function conditionFits(key: string | undefined, namespace: string, attributes: Attributes): Fits {
  const { principal, port, http } = attributes;
  const header = /^request\.headers\[(.+)\]$/.exec(key ?? '')?.[1]?.toLowerCase();
  if (header !== undefined) {
    const value = http?.headers.get(header);
    return (pattern) => truthOf(value !== undefined && patternFits(pattern, value));
  }
  switch (key) {
    case 'source.principal':
      return (value) => truthOf(principal !== null && patternFits(value, principal));
    case 'source.namespace':
      return (value) => truthOf(patternFits(value, partsOf(principal)?.namespace ?? ''));
    case 'source.serviceAccount':
      return (value) => truthOf(isAccount(value, namespace, attributes));
    case 'source.ip':
    case 'remote.ip':
    case 'destination.ip':
      return addressFits;
    case 'destination.port':
      return (value) => truthOf(Number(value) === port);
    default:
      return key?.startsWith('request.auth.') ? () => tokenFits(http) : () => 'unknown';
  }
}
