import type { SourceFile } from '../model/file.ts';
import { describeLocated, type Located } from '../model/located.ts';
import { type FilePlace, placeOf } from '../model/references/atOffset.ts';
import { textSpan } from '../model/references/names.ts';
import type { Snapshot } from '../model/workspace.ts';
import { anchorOf, at, isPresent, items, text } from '../yaml/access.ts';
import type { Span } from '../yaml/span.ts';
import type { YamlNode } from '../yaml/tree.ts';

export type SymbolKind = 'resource' | 'rule' | 'host' | 'listener' | 'subset' | 'port';

/** An entry of the outline; spans are offsets of the file. */
export interface DocumentSymbol {
  readonly name: string;
  readonly detail: string;
  readonly kind: SymbolKind;
  readonly span: Span;
  /** What is selected when the user goes there; lies in `span`. */
  readonly selection: Span;
  readonly children: readonly DocumentSymbol[];
}

/** The resources of a file with their parts. */
export function documentSymbols(snapshot: Snapshot, file: SourceFile): DocumentSymbol[] {
  const named = new Map(snapshot.located(file).map((located) => [located.root, located]));
  return file.documents.flatMap(({ start, document }) =>
    document.resources.map(({ root, kind, name }): DocumentSymbol => {
      const located = named.get(root);
      const label = at(root, 'metadata', 'name');
      const span = shifted(root, start, document.text);
      return {
        name: name ?? kind,
        detail: located && located.namespace !== '' ? `${kind} in ${located.namespace}` : kind,
        kind: 'resource',
        span,
        selection: inside(label ? moved(anchorOf(label), start) : { start: span.start, end: span.start }, span),
        children: childrenOf(root, kind, start, document.text),
      };
    }),
  );
}

interface Part {
  readonly path: readonly string[];
  readonly kind: SymbolKind;
  readonly label: (item: YamlNode, index: number) => string;
}

const PARTS: Readonly<Record<string, readonly Part[]>> = {
  VirtualService: ['http', 'tls', 'tcp'].map((key) => ({
    path: ['spec', key],
    kind: 'rule',
    label: (item, index) => text(item, 'name') ?? `${key} ${index + 1}${destinationsOf(item)}`,
  })),
  DestinationRule: [{ path: ['spec', 'subsets'], kind: 'subset', label: named('subset') }],
  ServiceEntry: [
    { path: ['spec', 'hosts'], kind: 'host', label: (item, index) => text(item) ?? `host ${index + 1}` },
    { path: ['spec', 'ports'], kind: 'port', label: portLabel },
  ],
  Gateway: [
    { path: ['spec', 'listeners'], kind: 'listener', label: named('listener') },
    {
      path: ['spec', 'servers'],
      kind: 'listener',
      label: (item, index) => text(item, 'port', 'name') ?? text(item, 'port', 'number') ?? `server ${index + 1}`,
    },
  ],
  ListenerSet: [{ path: ['spec', 'listeners'], kind: 'listener', label: named('listener') }],
  AuthorizationPolicy: [{ path: ['spec', 'rules'], kind: 'rule', label: named('rule') }],
  RequestAuthentication: [
    { path: ['spec', 'jwtRules'], kind: 'rule', label: (item, index) => text(item, 'issuer') ?? `rule ${index + 1}` },
  ],
  Service: [{ path: ['spec', 'ports'], kind: 'port', label: portLabel }],
  ServiceProfile: [{ path: ['spec', 'routes'], kind: 'rule', label: named('route') }],
  Sidecar: [
    { path: ['spec', 'ingress'], kind: 'listener', label: (_, index) => `ingress ${index + 1}` },
    { path: ['spec', 'egress'], kind: 'listener', label: (_, index) => `egress ${index + 1}` },
  ],
};

const ROUTE_RULES: readonly Part[] = [
  {
    path: ['spec', 'rules'],
    kind: 'rule',
    label: (item, index) => text(item, 'name') ?? `rule ${index + 1}${backendsOf(item)}`,
  },
];

function named(noun: string): Part['label'] {
  return (item, index) => text(item, 'name') ?? `${noun} ${index + 1}`;
}

function portLabel(item: YamlNode, index: number): string {
  const number = text(item, 'port') ?? text(item, 'number');
  const name = text(item, 'name');
  if (name !== undefined && number !== undefined) return `${name} ${number}`;
  return name ?? number ?? `port ${index + 1}`;
}

function destinationsOf(rule: YamlNode): string {
  return arrow(items(rule, 'route').map((route) => text(route, 'destination', 'host')));
}

function backendsOf(rule: YamlNode): string {
  return arrow(items(rule, 'backendRefs').map((backend) => text(backend, 'name')));
}

function arrow(targets: readonly (string | undefined)[]): string {
  const known = targets.filter((target) => target !== undefined);
  return known.length === 0 ? '' : ` → ${known.join(', ')}`;
}

function childrenOf(root: YamlNode, kind: string, start: number, source: string): DocumentSymbol[] {
  const parts = PARTS[kind] ?? (kind.endsWith('Route') ? ROUTE_RULES : []);
  return parts.flatMap(({ path, kind: sort, label }) =>
    items(root, ...path).flatMap((item, index): DocumentSymbol[] => {
      if (!isPresent(item)) return [];
      const span = shifted(item, start, source);
      const selection = inside(moved(anchorOf(at(item, 'name') ?? item), start), span);
      return [{ name: label(item, index) || `${index + 1}`, detail: '', kind: sort, span, selection, children: [] }];
    }),
  );
}

function moved({ start, end }: Span, by: number): Span {
  return { start: start + by, end: end + by };
}

/** Block collections reach to the start of the line after them; that line is somebody else's. */
function shifted(node: YamlNode, by: number, source: string): Span {
  return { start: by + node.start, end: by + node.start + source.slice(node.start, node.end).trimEnd().length };
}

/** An item that is an alias has its name elsewhere. */
function inside(selection: Span, span: Span): Span {
  const fits = span.start <= selection.start && selection.end <= span.end;
  return fits ? selection : { start: span.start, end: span.start };
}

export interface WorkspaceSymbol {
  readonly name: string;
  readonly kind: string;
  readonly namespace: string;
  readonly place: FilePlace;
}

/** Nobody reads more; a narrower query finds the rest. */
const MAX_SYMBOLS = 500;

/** The resources whose kind and name hold the letters of the query in their order; all for an empty query. */
export function workspaceSymbols(snapshot: Snapshot, query: string): WorkspaceSymbol[] {
  const wanted = query.toLowerCase().replace(/\s+/g, '');
  const found: WorkspaceSymbol[] = [];
  for (const located of snapshot.world.all) {
    if (found.length >= MAX_SYMBOLS) break;
    const node = at(located.root, 'metadata', 'name');
    if (node?.kind !== 'scalar' || !holdsInOrder(symbolText(located), wanted)) continue;
    const { name, namespace } = located;
    const place = placeOf(snapshot, located, textSpan(node, located.document.text));
    found.push({ name, kind: located.resource.kind, namespace, place });
  }
  return found;
}

function symbolText(located: Located): string {
  return describeLocated(located).toLowerCase();
}

function holdsInOrder(text: string, wanted: string): boolean {
  let from = 0;
  for (const char of wanted) {
    const at = text.indexOf(char, from);
    if (at === -1) return false;
    from = at + char.length;
  }
  return true;
}
