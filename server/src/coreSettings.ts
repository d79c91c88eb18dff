import type { CoreSettings } from './core/settings.ts';
import type { Settings } from './protocol/settings.ts';

/** The settings as the core wants them. Protocol and core do not know each other; this is where they meet. */
export function coreSettings(settings: Settings, editor: { readonly syntaxErrors?: boolean } = {}): CoreSettings {
  return {
    targets: settings.targets,
    rootNamespace: settings.rootNamespace,
    trustDomain: settings.trustDomain,
    trustDomains: settings.trustDomains,
    meshConfig: settings.meshConfig,
    istiod: settings.istiod,
    linkerd: settings.linkerd,
    cilium: settings.cilium,
    checks: new Map(Object.entries(settings.checks)),
    closedWorld: settings.closedWorld,
    syntaxErrors: editor.syntaxErrors ?? true,
  };
}
