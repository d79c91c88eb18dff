import type { World } from '../model/world.ts';
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

const known = new WeakMap<World, { readonly settings: CoreSettings; readonly config: MeshConfig }>();

/** From the setting, else from the workspace: the `istio` ConfigMap or an IstioOperator. */
export function meshConfigOf(world: World, settings: CoreSettings): MeshConfig {
  const last = known.get(world);
  if (last?.settings === settings) return last.config;
  const root = rootOf(world, settings);
  const config: MeshConfig = {
    trustDomain: text(root, 'trustDomain') ?? settings.trustDomain,
    trustDomainAliases: items(root, 'trustDomainAliases').flatMap((alias) => text(alias) ?? []),
    enableAutoMtls: bool(root, 'enableAutoMtls') ?? settings.istiod.enableAutoMtls,
    rootNamespace: text(root, 'rootNamespace') ?? settings.rootNamespace,
    extensionProviders:
      root && new Set(items(root, 'extensionProviders').flatMap((provider) => text(provider, 'name') ?? [])),
    root,
  };
  known.set(world, { settings, config });
  return config;
}

function rootOf(world: World, settings: CoreSettings): YamlNode | undefined {
  if (settings.meshConfig !== '') return parseDocument(settings.meshConfig).root ?? undefined;
  for (const map of world.ofKind('/ConfigMap')) {
    const mesh = map.name === 'istio' ? text(map.root, 'data', 'mesh') : undefined;
    if (mesh !== undefined) return parseDocument(mesh).root ?? undefined;
  }
  for (const operator of world.ofKind('install.istio.io/IstioOperator')) {
    const config = at(operator.root, 'spec', 'meshConfig');
    if (config) return config;
  }
  return undefined;
}
