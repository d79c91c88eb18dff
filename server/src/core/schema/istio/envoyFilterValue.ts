import { asMap, asScalar, at, deref, entriesOf, has, text } from '../../yaml/access.ts';
import type { YamlNode } from '../../yaml/tree.ts';
import type { CheckFacts, Report, Rule } from '../rule.ts';
import { FILTERS, WEBHOOK } from './envoyFilterPatch.ts';

/** The value of a patch: a piece of Envoy configuration, of which we know only the outer forms. */

const VALUE_TYPE: CheckFacts = {
  code: 'envoy-filter-value-invalid',
  severity: 'error',
  what: 'The value of a patch is not an Envoy object: a name that is no text, a timeout that is a number, a typed config without `@type`, or a type of the withdrawn v2 API.',
  why: 'istiod reads the value as the Envoy message that `applyTo` names; its webhook refuses what does not fit.',
  todo: 'Quote names, write timeouts with their unit (`5s`), begin every `typed_config` with `"@type": type.googleapis.com/…`, and use the types of the v3 API.',
  source: WEBHOOK,
};

const MAX_NODES = 5000;
const V2_TYPE = /^type\.googleapis\.com\/envoy\..*\.v2(?:alpha\d*)?\./;
/** What these carry is free: no message of Envoy says which fields there are. */
const FREE_TYPE = /\.(?:TypedStruct|Struct)$/;
const FREE_FIELD = /metadata$/i;
/** Durations in every message of Envoy that has such a field. */
const TIMEOUT = /^timeout$|_timeout$|[a-z]Timeout$/;
const TYPED_CONFIG = ['typed_config', 'typedConfig'];

export const valueIsEnvoyObject: Rule = {
  facts: VALUE_TYPE,
  run(node, report) {
    const value = at(node, 'patch', 'value');
    const name = at(value, 'name');
    if (name !== undefined && !isText(name)) {
      report(name, 'The name of an Envoy object must be a text; put it in quotes.');
    }
    for (const map of mapsIn(value)) {
      reportOldType(map, report);
      for (const field of TYPED_CONFIG) reportUntyped(map, field, report);
      reportNumberedTimeouts(map, report);
    }
  },
};

function isText(node: YamlNode): boolean {
  const scalar = asScalar(node);
  return scalar !== undefined && (scalar.templated || scalar.type === 'string');
}

/** Every map in a value, each once, but for those that no message describes. */
function mapsIn(value: YamlNode | undefined): YamlNode[] {
  const found = new Set<YamlNode>();
  const open = [value];
  while (open.length > 0 && found.size < MAX_NODES) {
    const node = deref(open.pop());
    if (node === undefined || node.kind === 'scalar' || found.has(node)) continue;
    found.add(node);
    if (FREE_TYPE.test(text(node, '@type') ?? '')) continue;
    open.push(...(node.kind === 'seq' ? node.items : typedValuesOf(node)).toReversed());
  }
  return [...found].filter((node) => node.kind === 'map');
}

function typedValuesOf(map: YamlNode): YamlNode[] {
  return entriesOf(map)
    .filter((entry) => !FREE_FIELD.test(entry.key.text))
    .map((entry) => entry.value);
}

function reportNumberedTimeouts(map: YamlNode, report: Report): void {
  for (const { key, value } of entriesOf(map)) {
    const scalar = TIMEOUT.test(key.text) ? asScalar(value) : undefined;
    if (scalar === undefined || scalar.templated || (scalar.type !== 'int' && scalar.type !== 'float')) continue;
    report(scalar, `\`${key.text}\` is a duration: write it with its unit, such as \`${scalar.text}s\`.`);
  }
}

function reportOldType(map: YamlNode, report: Report): void {
  const where = at(map, '@type');
  const type = text(where);
  if (where === undefined || type === undefined || !V2_TYPE.test(type)) return;
  report(where, `\`${type}\` is of the v2 API, which proxies do not have any more; use the v3 type.`);
}

/** An empty config is right: it stands for a filter without settings that is found by its name. */
function reportUntyped(map: YamlNode, field: string, report: Report): void {
  const config = at(map, field);
  const entries = entriesOf(config);
  if (config === undefined || entries.length === 0 || has(config, '@type')) return;
  if (entries.some((entry) => entry.key.templated)) return;
  report(config, `\`${field}\` needs \`"@type"\`: without it nothing says which filter is configured.`);
}

const NO_TYPED_CONFIG: CheckFacts = {
  code: 'envoy-filter-without-typed-config',
  severity: 'warning',
  what: 'A filter is added by name alone, without `typed_config`.',
  why: 'Proxies find a filter by the type of its configuration; a name says nothing to them any more, and they reject the listener.',
  todo: 'Add `typed_config` with the `@type` of the filter.',
  source: 'istio/istio pkg/config/validation/envoyfilter/envoyfilter.go, validateMissingTypedConfigFilterTypes',
};

export const filterIsTyped: Rule = {
  facts: NO_TYPED_CONFIG,
  needsWhole: true,
  run(node, report) {
    const value = at(node, 'patch', 'value');
    const operation = text(node, 'patch', 'operation');
    if (value === undefined || operation === undefined || operation.startsWith('MERGE') || operation === 'REMOVE')
      return;
    if (!FILTERS.includes(text(node, 'applyTo') ?? '')) return;
    if ([...TYPED_CONFIG, 'config_discovery', 'configDiscovery'].some((name) => has(value, name))) return;
    if (!asMap(value) || entriesOf(value).some((entry) => entry.key.templated)) return;
    report(
      at(value, 'name') ?? value,
      'A filter needs `typed_config` with an `@type`; proxies do not find it by name.',
    );
  },
};
