import { derive } from '../model/derivation.ts';
import type { Site } from '../model/located.ts';
import type { World } from '../model/world.ts';
import { at, bool, text } from '../yaml/access.ts';
import { parseDocument } from '../yaml/parse.ts';
import { isSystemNamespace } from './systemNamespaces.ts';

/** What Istio's injector does with namespaces that say nothing, as far as the settings of an installation are written. */

const FIELD = ['sidecarInjectorWebhook', 'enableNamespacesByDefault'] as const;

/** Where an installation of the workspace says that namespaces without a label are injected. */
export const injectionByDefault = derive(find, (a, b) => a?.node === b?.node);

function find(world: World): Site | undefined {
  for (const located of world.ofKind('install.istio.io/IstioOperator'))
    for (const values of ['values', 'unvalidatedValues']) {
      const node = at(located.root, 'spec', values, ...FIELD);
      if (node && bool(node) === true) return { located, node };
    }
  for (const located of world.ofKind('/ConfigMap')) {
    // The ConfigMap of a revision has its name at the end.
    const node = located.name.startsWith('istio-sidecar-injector') ? at(located.root, 'data', 'values') : undefined;
    const values = text(node);
    if (node && values !== undefined && bool(parseDocument(values).root, ...FIELD) === true) return { located, node };
  }
  return undefined;
}

/**
 * The setting by which a namespace of the workspace is injected although it has no label that asks for it. The data plane
 * mode does not matter: the webhook does not look at it.
 */
export function defaultInjectionOf(world: World, namespace: string): Site | undefined {
  const labels = world.namespaceLabels(namespace);
  const decides = labels?.has('istio-injection') || labels?.has('istio.io/rev');
  return labels && !decides && !isSystemNamespace(namespace) ? injectionByDefault(world) : undefined;
}
