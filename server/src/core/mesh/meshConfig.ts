import { derive } from '../model/derivation.ts';
import type { Located } from '../model/located.ts';
import type { World } from '../model/world.ts';
import { worldIndex } from '../model/worldIndex.ts';
import type { CoreSettings } from '../settings.ts';
import { at, bool, items, text } from '../yaml/access.ts';
import { parseDocument } from '../yaml/parse.ts';
import type { YamlNode } from '../yaml/tree.ts';

/** What the mesh's own configuration says, as far as it is known. */
export interface MeshConfig {
  readonly trustDomain: string;
  readonly trustDomainAliases: readonly string[];
  readonly enableAutoMtls: boolean;
  readonly rootNamespace: string;
  /** Names of extension providers; undefined when the MeshConfig is not known, so that any may exist. */
  readonly extensionProviders: ReadonlySet<string> | undefined;
  /** The MeshConfig itself, where it is known. */
  readonly root: YamlNode | undefined;
}

/** From the setting, else from the workspace: the `istio` ConfigMap or an IstioOperator. */
export const meshConfigOf = derive(
  (world, settings: CoreSettings): MeshConfig => {
    const root = rootOf(world, settings);
    return {
      trustDomain: text(root, 'trustDomain') ?? settings.trustDomain,
      trustDomainAliases: items(root, 'trustDomainAliases').flatMap((alias) => text(alias) ?? []),
      enableAutoMtls: bool(root, 'enableAutoMtls') ?? settings.istiod.enableAutoMtls,
      rootNamespace: text(root, 'rootNamespace') ?? settings.rootNamespace,
      extensionProviders:
        root && new Set(items(root, 'extensionProviders').flatMap((provider) => text(provider, 'name') ?? [])),
      root,
    };
  },
  (a, b) => a.root === b.root,
);

function rootOf(world: World, settings: CoreSettings): YamlNode | undefined {
  if (settings.meshConfig !== '') return parseDocument(settings.meshConfig).root ?? undefined;
  return meshConfigs(world, ANY)[0];
}

const ANY = '';
/** The ConfigMaps come first. */
const meshConfigs = worldIndex(['/ConfigMap', 'install.istio.io/IstioOperator'], (located) => {
  const root = located.resource.kind === 'ConfigMap' ? ofConfigMap(located) : at(located.root, 'spec', 'meshConfig');
  return root ? [[ANY, root]] : [];
});

function ofConfigMap({ name, root }: Located): YamlNode | undefined {
  const mesh = name === 'istio' ? text(root, 'data', 'mesh') : undefined;
  return mesh === undefined ? undefined : (parseDocument(mesh).root ?? undefined);
}
