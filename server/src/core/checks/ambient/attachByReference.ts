import { selectionOf } from '../../mesh/selection.ts';
import { addresseeBinding } from '../../mesh/waypoints.ts';
import type { Located } from '../../model/located.ts';
import type { Service } from '../../model/workloads.ts';
import type { Fix } from '../../schema/rule.ts';
import { at } from '../../yaml/access.ts';
import { columnOf, newlineOf, scalarText } from '../../yaml/edits.ts';
import type { Scope } from '../check.ts';

/**
 * The fix for policies that a waypoint should enforce: in the place of the selector, a reference to the Service of the
 * selected pods. Offered only where that Service is the only one and has a waypoint that would read the policy.
 */
export function attachByReference(scope: Scope, located: Located): Fix[] {
  const service = serviceBehindWaypoint(scope, located);
  return service ? replaceSelector(located, '', 'Service', service.name) : [];
}

/** The only Service of the selected pods, where it has a waypoint that would read the policy. */
export function serviceBehindWaypoint({ world, meshConfig }: Scope, located: Located): Service | undefined {
  const { workloads } = selectionOf(world, meshConfig.rootNamespace, located);
  const services = new Set(workloads.flatMap((workload) => world.servicesOf(workload)));
  const [service] = services;
  if (!service || services.size !== 1 || service.namespace !== located.namespace) return undefined;
  return addresseeBinding(world, service.located).state === 'bound' ? service : undefined;
}

/** Puts `targetRefs` where the selector stands. Comments in the selector would get lost: then nothing is offered. */
export function replaceSelector(located: Located, group: string, kind: string, name: string): Fix[] {
  const { text } = located.document;
  const selector = at(located.root, 'spec', 'selector');
  const key = selector?.key;
  if (!selector || !key || selector.kind !== 'map' || key.style === 'double' || selector.parent?.flow) return [];
  const end = text.slice(0, selector.end).trimEnd().length;
  if (text.slice(key.start, end).includes('#')) return [];
  const indent = ' '.repeat(columnOf(text, key.start));
  const fields = [...(group === '' ? [] : [`group: ${group}`]), `kind: ${kind}`, `name: ${scalarText(name)}`];
  const lines = ['targetRefs:', ...fields.map((field, at) => `${indent}  ${at === 0 ? '- ' : '  '}${field}`)];
  const edit = { span: { start: key.start, end }, text: lines.join(newlineOf(text)) };
  return [{ title: `Attach to ${kind} \`${name}\` by \`targetRefs\``, safe: false, edits: [edit] }];
}
