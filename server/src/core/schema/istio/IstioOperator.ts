import { anything, field, intOrString, object, string } from '../define.ts';
import { kind } from '../kind.ts';
import { components } from './installComponents.ts';
import { INSTALL_PROFILES, knownProfile, revisionName } from './installRules.ts';
import { meshConfig } from './meshConfig.ts';

export const istioOperator = kind({
  project: 'istio',
  group: 'install.istio.io',
  kind: 'IstioOperator',
  plural: 'istiooperators',
  shortNames: ['iop', 'io'],
  scope: 'Namespaced',
  doc: 'The settings of an installation, read by `istioctl install -f`. It is a **file, not an object of the cluster**: the operator that watched for it was removed in 1.24, so applying it changes nothing.',
  reference: 'https://istio.io/latest/docs/reference/config/istio.operator.v1alpha1/',
  readBy: ['control-plane'],
  versions: { v1alpha1: { served: true, storage: true } },
  metadataRequired: false,
  spec: () =>
    object({
      profile: field(
        string({ rules: [knownProfile], suggest: INSTALL_PROFILES }),
        'The set of settings to start from: `default`, `demo`, `minimal` (control plane only), `ambient`, `remote`, `preview`, `stable`, `empty`, or a path to a profile of your own. `demo` traces every request and is not for production.',
        { default: 'default' },
      ),
      hub: field(string(), 'Registry and folder of the images, such as `docker.io/istio`.'),
      tag: field(
        intOrString(),
        'Tag of the images, usually the release. Quote it when it is a number, because `1.30` would be read as 1.3.',
      ),
      revision: field(
        string({ rules: [revisionName] }),
        'Name of this control plane when several run side by side during an upgrade. Namespaces choose one by the label `istio.io/rev`; no dots are allowed.',
        { default: '`default`' },
      ),
      namespace: field(string({ max: 63 }), 'Where the control plane is installed.', { default: 'istio-system' }),
      compatibilityVersion: field(
        string(),
        'An earlier release, such as `1.29`, whose defaults are kept for behavior that changed since. Eases upgrades; remove it afterwards.',
        { since: '1.21' },
      ),
      installPackagePath: field(
        string(),
        'A folder with charts to install instead of those that are built into `istioctl`.',
      ),
      meshConfig: field(
        meshConfig(),
        'Settings that hold for the whole mesh. They end up in the ConfigMap `istio` of the root namespace.',
      ),
      components: field(
        components(),
        'The parts of the installation: which are installed and with which Kubernetes settings.',
      ),
      values: field(
        anything(),
        'Values for the Helm charts behind the components, such as `global`, `pilot`, `cni` or `ztunnel`. What may stand in them is up to the charts of the release.',
      ),
      unvalidatedValues: field(
        anything(),
        'The same as `values`, but not compared with the known values of the charts: a slip in a name has no effect and is not reported.',
      ),
    }),
});
