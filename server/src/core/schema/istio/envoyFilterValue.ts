import { at, entriesOf, has, text } from '../../yaml/access.ts';
import type { YamlNode } from '../../yaml/tree.ts';
import type { CheckFacts, Rule } from '../rule.ts';
import { FILTERS, WEBHOOK } from './envoyFilterPatch.ts';

/** The value of a patch: a piece of Envoy configuration, of which we know only the outer forms. */

const VALUE_TYPE: CheckFacts = {
  code: 'envoy-filter-value-invalid',
  severity: 'error',
  what: 'The value of a patch is not an Envoy object: a name that is no text, a typed config without `@type`, or a type of the withdrawn v2 API.',
  why: 'istiod reads the value as the Envoy message that `applyTo` names; its webhook refuses what does not fit.',
  todo: 'Quote names, begin every `typed_config` with `"@type": type.googleapis.com/…`, and use the types of the v3 API.',
  source: WEBHOOK,
};

const MAX_DEPTH = 32;
const V2_TYPE = /^type\.googleapis\.com\/envoy\..*\.v2(?:alpha\d*)?\./;
const TYPED_STRUCT = /\.TypedStruct$/;

export const valueIsEnvoyObject: Rule = {
  facts: VALUE_TYPE,
  run(node, report) {
    const value = at(node, 'patch', 'value');
    const name = at(value, 'name');
    if (name !== undefined && !isText(name))
      report(name, 'The name of an Envoy object must be a text; put it in quotes.');
    for (const { node: wrong, message } of typeProblems(value, 0)) report(wrong, message);
  },
};

function isText(node: YamlNode): boolean {
  return node.kind === 'scalar' && (node.templated || node.type === 'string');
}

function typeProblems(node: YamlNode | undefined, depth: number): { node: YamlNode; message: string }[] {
  if (node === undefined || depth > MAX_DEPTH) return [];
  if (node.kind === 'seq') return node.items.flatMap((item) => typeProblems(item, depth + 1));
  const type = text(node, '@type');
  // What a TypedStruct carries is not typed by us.
  if (type !== undefined && TYPED_STRUCT.test(type)) return [];
  return entriesOf(node).flatMap(({ key, value }) => {
    const inner = typeProblems(value, depth + 1);
    if (key.text === '@type' && type !== undefined && V2_TYPE.test(type)) {
      const message = `\`${type}\` is of the v2 API, which proxies do not have any more; use the v3 type.`;
      return [{ node: value, message }];
    }
    const isTyped = (key.text === 'typed_config' || key.text === 'typedConfig') && value.kind === 'map';
    if (
      isTyped &&
      value.entries.length > 0 &&
      !has(value, '@type') &&
      !value.entries.some((entry) => entry.key.templated)
    ) {
      return [
        {
          node: key,
          message: `\`${key.text}\` needs \`"@type"\`: without it nothing says which filter is configured.`,
        },
        ...inner,
      ];
    }
    return inner;
  });
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
    if (value?.kind !== 'map' || operation === undefined || operation.startsWith('MERGE') || operation === 'REMOVE')
      return;
    if (!FILTERS.includes(text(node, 'applyTo') ?? '')) return;
    if (['typed_config', 'typedConfig', 'config_discovery', 'configDiscovery'].some((name) => has(value, name))) return;
    if (value.entries.some((entry) => entry.key.templated)) return;
    report(
      at(value, 'name') ?? value,
      'A filter needs `typed_config` with an `@type`; proxies do not find it by name.',
    );
  },
};
