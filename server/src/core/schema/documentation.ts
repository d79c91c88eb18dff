import type { FieldDoc, Reader, ValueDoc } from './define.ts';
import type { KindDefinition } from './kind.ts';
import { PROJECT_NAMES } from './releases.ts';
import type { Shape } from './shape.ts';

/** Our documentation as Markdown. Names from the user's files go through `escapeMarkdown`. */

const READER_NAMES: Readonly<Record<Reader, string>> = {
  ztunnel: 'ztunnel',
  waypoint: 'waypoint',
  sidecar: 'sidecar',
  gateway: 'gateway',
  'linkerd-proxy': 'linkerd-proxy',
  'control-plane': 'control plane',
};

export function escapeMarkdown(text: string): string {
  return text.replace(/[\\`*_{}[\]()#+\-.!|<>~&:/]/g, (char) => `\\${char}`).replace(/\s+/g, ' ');
}

export function fieldMarkdown(
  name: string,
  shape: Shape,
  doc: FieldDoc,
  around: { readonly readBy: readonly Reader[]; readonly l7: boolean; readonly required: boolean },
  definition: KindDefinition,
): string {
  const facts: string[] = [];
  if (around.required) facts.push('**Required**');
  if (doc.default !== undefined) facts.push(`Default: ${defaultText(doc.default)}`);
  if (doc.since !== undefined) facts.push(`Since ${PROJECT_NAMES[definition.project]} ${doc.since}`);
  if (doc.channel === 'experimental') facts.push('Experimental channel only');
  if (doc.versions) facts.push(`Only in ${doc.versions.join(', ')}`);
  if (around.readBy.length > 0)
    facts.push(`Read by ${around.readBy.map((reader) => READER_NAMES[reader]).join(', ')}${around.l7 ? ' (L7)' : ''}`);
  const parts = [`**${escapeMarkdown(name)}** \`${typeName(shape)}\``];
  if (doc.deprecated) parts.push(`⚠ **Deprecated.** ${doc.deprecated.note}`);
  parts.push(doc.doc);
  if (facts.length > 0) parts.push(facts.join(' · '));
  const values = valueList(shape);
  if (values !== '') parts.push(values);
  parts.push(`[${definition.kind} reference](${definition.reference})`);
  return parts.join('\n\n');
}

/** A value as code; a phrase, such as "all ports", as it is. */
function defaultText(value: string | number | boolean): string {
  return typeof value === 'string' && /\s/.test(value) ? value : `\`${String(value)}\``;
}

export function valueMarkdown(value: string, doc: ValueDoc, definition: KindDefinition): string {
  const parts = [`**${escapeMarkdown(value === '' ? '(empty)' : value)}**`];
  if (doc.deprecated) parts.push(`⚠ **Deprecated.** ${doc.deprecated}`);
  parts.push(doc.doc);
  if (doc.since) parts.push(`Since ${PROJECT_NAMES[definition.project]} ${doc.since}`);
  parts.push(`[${definition.kind} reference](${definition.reference})`);
  return parts.join('\n\n');
}

export function kindMarkdown(definition: KindDefinition): string {
  const versions = Object.entries(definition.versions)
    .filter(([, facts]) => facts.served)
    .map(([name, facts]) => `\`${name}\`${facts.deprecated === undefined ? '' : ' (deprecated)'}`)
    .join(', ');
  const facts = [PROJECT_NAMES[definition.project], `Versions: ${versions}`];
  if (definition.channel === 'experimental') facts.push('Experimental channel only');
  if (definition.readBy.length > 0)
    facts.push(`Read by ${definition.readBy.map((reader) => READER_NAMES[reader]).join(', ')}`);
  return [
    `**${definition.kind}** \`${definition.group}\``,
    definition.doc,
    facts.join(' · '),
    `[${definition.kind} reference](${definition.reference})`,
  ].join('\n\n');
}

function valueList(shape: Shape): string {
  if (shape.type !== 'string' || !shape.values || shape.values.size > 24) return '';
  return [...shape.values].map(([value, doc]) => `- \`${value === '' ? '""' : value}\`: ${doc.doc}`).join('\n');
}

export function typeName(shape: Shape): string {
  switch (shape.type) {
    case 'list':
      return `${typeName(shape.item)}[]`;
    case 'map':
      return `map of ${typeName(shape.value)}`;
    case 'string':
      return shape.values ? 'enum' : 'string';
    case 'int':
      return 'integer';
    case 'bool':
      return 'boolean';
    case 'intOrString':
      return 'integer or string';
    case 'any':
      return 'any';
    default:
      return shape.type;
  }
}
