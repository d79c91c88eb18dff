import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { kindOf, specShape } from '../../server/src/core/schema/catalog.ts';
import type { KindDefinition } from '../../server/src/core/schema/kind.ts';
import { differences, type Flat, flattenShape, type Selection } from './flatten.ts';
import { flattenModel, type ModelType, readModel } from './modelTypes.ts';

/**
 * Every kind against the types that npm packages make from the published CRDs: field paths, types, enums and what is
 * required. Limits are not in types; crds.test.ts compares them where the CRDs themselves are at hand.
 */
const PACKAGES = join(import.meta.dirname, '../../node_modules/@kubernetes-models');

interface Explanation {
  readonly lines: RegExp;
  readonly reason: string;
}

interface Source {
  readonly folder: string;
  /** Differences that are the package's. */
  readonly explained: readonly Explanation[];
  /** The release that the package was made from: what came later is left out of ours. */
  readonly select: Omit<Selection, 'version'>;
}

/** This package is made from the Go types, in which some facts of the CRDs stand where its maker does not look. */
const FROM_GO_TYPES: readonly Explanation[] = [
  {
    lines: /: ours string enum\(.*\), published string$/,
    reason: 'values that are listed at the field, not at its type',
  },
  { lines: /\.namespaces\.selector\b/, reason: 'a type of another package' },
  { lines: /\.statusCode: ours number, published any$/, reason: 'a list of numbers' },
  { lines: /sessionPersistence\.idleTimeout: ours absent/, reason: 'a field that later releases do not have' },
];

const SOURCES: readonly Source[] = [
  { folder: 'istio', explained: [], select: { channel: 'standard', release: '1.29' } },
  { folder: 'gateway-api', explained: FROM_GO_TYPES, select: { channel: 'experimental', release: '1.5' } },
];

/** Published without any body: the package took it from a release whose CRD did not describe its fields. */
const WITHOUT_BODY = new Set(['IstioOperator']);

/** Our flattened facts in the words that types have: whole numbers are numbers, and limits do not exist. */
function asTypes(flat: Flat): Flat {
  return new Map([...flat].map(([path, facts]) => [path, typeFacts(facts)]));
}

function typeFacts(facts: string): string {
  const [word = ''] = facts.split(' ');
  if (word === 'object') return facts;
  if (word === 'open') return facts.includes('required()') ? 'any' : facts.slice('open '.length);
  const values = /enum\(.*\)/.exec(facts)?.[0];
  if (values !== undefined) return `string ${values}`;
  return word === 'int' ? 'number' : word;
}

function bodyOf(model: ModelType, definition: KindDefinition): ModelType {
  const body = definition.body ?? 'spec';
  return (model.is === 'object' ? model.fields.get(body)?.type : undefined) ?? { is: 'any' };
}

function compare(source: Source, group: string, version: string, kind: string, definition: KindDefinition): string[] {
  const model = bodyOf(readModel(join(PACKAGES, source.folder, group, version, `${kind}.d.ts`)), definition);
  assert.notEqual(model.is, 'any', 'the declaration could not be read');
  const ours = asTypes(flattenShape(specShape(definition, version), { ...source.select, version }));
  return differences(ours, flattenModel(model)).filter(
    (line) => !source.explained.some(({ lines }) => lines.test(line)),
  );
}

describe('kinds against published models', () => {
  for (const source of SOURCES) {
    for (const group of readdirSync(join(PACKAGES, source.folder))
      .filter((name) => name.endsWith('.io'))
      .sort()) {
      for (const version of readdirSync(join(PACKAGES, source.folder, group))
        .filter((name) => /^v\d\w*$/.test(name))
        .sort()) {
        const names = readdirSync(join(PACKAGES, source.folder, group, version)).filter((name) =>
          name.endsWith('.d.ts'),
        );
        for (const kind of names.map((name) => name.replace('.d.ts', ''))) {
          const definition = kindOf(group, kind);
          if (definition && !WITHOUT_BODY.has(kind))
            it(`${group}/${version} ${kind}`, () =>
              assert.deepEqual(compare(source, group, version, kind, definition), []));
        }
      }
    }
  }
});
