import { anchorOf, at } from '../../yaml/access.ts';
import type { Span } from '../../yaml/span.ts';
import type { ScalarNode, YamlNode } from '../../yaml/tree.ts';
import { type Located, perResource } from '../located.ts';
import { eachMatch, matchesPattern, pattern } from './pattern.ts';
import type { Declaration, NameForm, NameScope, Origin, Path, Sort } from './reference.ts';
import type { Row } from './row.ts';
import { GATEWAY_API_ROWS } from './tableGatewayApi.ts';
import { ISTIO_ROWS } from './tableIstio.ts';
import { ANY_KIND_ROWS, KUBERNETES_ROWS } from './tableKubernetes.ts';
import { LINKERD_ROWS } from './tableLinkerd.ts';

/** What features ask: the form of name at a place, the names in a resource, and everything that names a declaration. */

export const ROWS: ReadonlyMap<string, readonly Row[]> = new Map(
  Object.entries({ ...ISTIO_ROWS, ...GATEWAY_API_ROWS, ...LINKERD_ROWS, ...KUBERNETES_ROWS }),
);

function rowsOf(kind: string): readonly Row[] {
  return [...(ROWS.get(kind) ?? []), ...ANY_KIND_ROWS];
}

/** The form of the name that stands, or could stand, at a path of a resource of some kind. */
export function formAt(kind: string, path: Path): NameForm | undefined {
  return rowsOf(kind).find((row) => matchesPattern(row.pattern, path))?.form;
}

/** Every field of a resource in which a name is written, in the order of the text. */
export const originsOf: (located: Located) => readonly Origin[] = perResource(findOrigins);

function findOrigins(located: Located): Origin[] {
  const found: Origin[] = [];
  for (const { pattern: wanted, form } of rowsOf(located.kindKey)) {
    eachMatch(located.root, wanted, (node, path) => {
      if (node.kind === 'scalar' && !node.templated && node.type !== 'null') found.push({ located, node, path, form });
    });
  }
  return found.sort((a, b) => a.node.start - b.node.start);
}

export function resolve({ located, node, path, form }: Origin, scope: NameScope): readonly Declaration[] {
  return form.resolve(node.text, { located, path, scope });
}

const DECLARED: Readonly<Record<string, readonly (readonly [path: string, sort: Sort])[]>> = {
  '/Service': [
    ['spec.ports[].port', 'port'],
    ['spec.ports[].name', 'port'],
  ],
  'networking.istio.io/DestinationRule': [['spec.subsets[].name', 'subset']],
  'networking.istio.io/ServiceEntry': [
    ['spec.hosts[]', 'host'],
    ['spec.ports[].number', 'port'],
  ],
  'networking.istio.io/WorkloadEntry': [['spec.labels.*', 'label']],
  'gateway.networking.k8s.io/Gateway': [['spec.listeners[].name', 'listener']],
  'gateway.networking.k8s.io/ListenerSet': [['spec.listeners[].name', 'listener']],
  'gateway.networking.k8s.io/HTTPRoute': [['spec.rules[].name', 'rule']],
  'gateway.networking.k8s.io/GRPCRoute': [['spec.rules[].name', 'rule']],
  'install.istio.io/IstioOperator': [['spec.meshConfig.extensionProviders[].name', 'provider']],
};

const DECLARED_ANYWHERE: (typeof DECLARED)[string] = [
  ['metadata.name', 'resource'],
  ['metadata.labels.*', 'label'],
  ['spec.template.metadata.labels.*', 'label'],
  ['spec.jobTemplate.spec.template.metadata.labels.*', 'label'],
  ['spec.containers[].ports[].containerPort', 'port'],
  ['spec.containers[].ports[].name', 'port'],
  ['spec.template.spec.containers[].ports[].containerPort', 'port'],
  ['spec.template.spec.containers[].ports[].name', 'port'],
];

const declaredPatterns = new Map<string, { pattern: readonly string[]; sort: Sort }[]>();

function patternsOf(kind: string): { pattern: readonly string[]; sort: Sort }[] {
  let patterns = declaredPatterns.get(kind);
  if (!patterns) {
    patterns = [...(DECLARED[kind] ?? []), ...DECLARED_ANYWHERE].map(([path, sort]) => ({
      pattern: pattern(path),
      sort,
    }));
    declaredPatterns.set(kind, patterns);
  }
  return patterns;
}

/** The declaration at a path, when what stands there gives something its name. */
export function declarationAt(located: Located, path: Path): Declaration | undefined {
  const node = at(located.root, ...path);
  if (node?.kind !== 'scalar' || node.templated) return undefined;
  const declares = patternsOf(located.kindKey).find((candidate) => matchesPattern(candidate.pattern, path));
  return declares && { located, node, sort: declares.sort };
}

/** A name as it is written somewhere, with what it means there. */
export interface Mention {
  readonly origin: Origin;
  readonly declaration: Declaration;
}

/** Everything in some resources that names one of the declarations. */
export function mentionsOf(
  declarations: readonly Declaration[],
  scope: NameScope,
  among: readonly Located[],
): Mention[] {
  const wanted = new Map<YamlNode, Declaration>(declarations.map((declaration) => [declaration.node, declaration]));
  const texts = [...new Set(declarations.map(({ node }) => node.text))];
  const mentions: Mention[] = [];
  for (const located of among) {
    for (const origin of originsOf(located)) {
      if (wanted.has(origin.node) || !couldName(origin.node, texts)) continue;
      const declaration = resolve(origin, scope).find(({ node }) => wanted.has(node));
      if (declaration) mentions.push({ origin, declaration });
    }
  }
  return mentions;
}

/** Resolving is dear; what does not even hold the name cannot mean it, wildcards and the own namespace aside. */
function couldName({ text }: ScalarNode, texts: readonly string[]): boolean {
  return text.startsWith('*') || text === '.' || texts.some((name) => text.includes(name) || name.startsWith('*'));
}

/** The part of a scalar that is the declared name, in offsets of its document. */
export function namePart({ node, form }: Origin, declaration: Declaration, documentText: string): Span {
  const whole = textSpan(node, documentText);
  const part = form.part?.(node.text, declaration);
  // With escapes or folding in it, the written text has other offsets than what it says.
  if (!part || documentText.slice(whole.start, whole.end) !== node.text) return whole;
  return { start: whole.start + part.start, end: whole.start + part.end };
}

/** A scalar without its quotes. */
export function textSpan(node: ScalarNode, documentText: string): Span {
  if (node.style === 'literal' || node.style === 'folded') return anchorOf(node.key ?? node);
  const quoted = (node.style === 'single' || node.style === 'double') && /["']/.test(documentText[node.start] ?? '');
  return quoted ? { start: node.start + 1, end: node.end - 1 } : { start: node.start, end: node.end };
}
