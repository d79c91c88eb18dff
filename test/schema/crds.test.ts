import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { KINDS, kindOf, specShape } from '../../server/src/core/schema/catalog.ts';
import type { KindDefinition } from '../../server/src/core/schema/kind.ts';
import { INTENDED } from './crdDifferences.ts';
import { differences, type Flat, flattenOpenApi, flattenShape, type OpenApi, type Selection } from './flatten.ts';

/**
 * Every kind against the published CRDs, in the folder that MESHPATH_CRDS names. Without it, publishedModels.test.ts
 * compares with what npm packages publish.
 */
const folder = process.env.MESHPATH_CRDS;

interface Crd {
  spec: {
    group: string;
    scope: string;
    names: { kind: string; plural: string; shortNames?: string[] };
    versions: {
      name: string;
      served: boolean;
      storage: boolean;
      deprecated?: boolean;
      schema: { openAPIV3Schema: { properties: Record<string, OpenApi>; required?: string[] } };
    }[];
  };
}

/** Folders of CRDs and which part of ours they stand for. */
const SETS: readonly { dir: string; select: Omit<Selection, 'version'> }[] = [
  { dir: 'istio', select: { channel: 'standard', release: '1.30' } },
  { dir: 'istio-next', select: { channel: 'standard', release: '1.31' } },
  { dir: 'linkerd', select: { channel: 'standard' } },
  { dir: 'gateway-api/standard', select: { channel: 'standard' } },
  { dir: 'gateway-api/experimental', select: { channel: 'experimental' } },
  { dir: 'smi', select: { channel: 'standard' } },
];

function withoutIntended(found: string[], name: string): string[] {
  return found.filter((line) => !INTENDED.some((known) => `${name} ${line}`.startsWith(known.difference)));
}

function compareVersions(crd: Crd, definition: KindDefinition, channel: string): string[] {
  return crd.spec.versions.flatMap((version) => {
    const ours = definition.versions[version.name];
    if (!ours) return [`${version.name}: ours absent`];
    const served = ours.served && !(ours.channel === 'experimental' && channel === 'standard');
    const out: string[] = [];
    if (served !== version.served) out.push(`${version.name}: ours served ${served}, published ${version.served}`);
    if ((ours.storage === true) !== version.storage)
      out.push(`${version.name}: ours storage ${ours.storage === true}, published ${version.storage}`);
    if (version.served && (ours.deprecated !== undefined) !== (version.deprecated === true))
      out.push(`${version.name}: ours deprecated ${ours.deprecated}, published ${version.deprecated}`);
    return out;
  });
}

if (folder !== undefined) {
  describe('kinds against the published CRDs', () => {
    it('finds the folder', () => assert.ok(existsSync(folder), `MESHPATH_CRDS names ${folder}, which does not exist`));
    const seen = new Set<string>();
    for (const { dir, select } of SETS) {
      for (const file of readdirSync(join(folder, dir)).sort()) {
        const crd = parse(readFileSync(join(folder, dir, file), 'utf8')) as Crd;
        const { group, names, scope } = crd.spec;
        seen.add(`${group}/${names.kind}`);
        const definition = kindOf(group, names.kind);
        it(`${dir} ${group} ${names.kind}`, () => {
          assert.ok(definition, `no definition of ${group} ${names.kind}`);
          assert.deepEqual(
            [definition.plural, [...definition.shortNames].sort(), definition.scope],
            [names.plural, [...(names.shortNames ?? [])].sort(), scope],
          );
          assert.deepEqual(withoutIntended(compareVersions(crd, definition, select.channel), names.kind), []);
          for (const version of crd.spec.versions) {
            const root = version.schema.openAPIV3Schema;
            const body: string = definition.body ?? 'spec';
            const published: Flat = flattenOpenApi(root.properties[body] ?? {});
            const ours = flattenShape(specShape(definition, version.name), { ...select, version: version.name });
            assert.deepEqual(
              withoutIntended(differences(ours, published), names.kind),
              [],
              `${names.kind} ${version.name}`,
            );
            assert.equal(
              definition.specRequired === true,
              (root.required ?? []).includes(body),
              `${names.kind} ${version.name}: ${body} required`,
            );
          }
        });
      }
    }
    it('has no kind that nobody publishes', () => {
      const unknown = KINDS.filter(
        (definition) =>
          definition.project !== 'kubernetes' &&
          definition.kind !== 'IstioOperator' &&
          !seen.has(`${definition.group}/${definition.kind}`),
      );
      assert.deepEqual(
        unknown.map((definition) => definition.kind),
        [],
      );
    });
  });
}
