import { text } from '../../yaml/access.ts';
import { changeTo } from '../fixes.ts';
import type { CheckFacts, Rule } from '../rule.ts';
import { nearestName } from '../unknownField.ts';

/** Rules about the file that `istioctl install` reads. */

/** The profiles that istioctl brings, with what each installs. */
export const INSTALL_PROFILES: Readonly<Record<string, string>> = {
  default: 'istiod and an ingress gateway, with settings for production.',
  ambient: 'istiod, ztunnel and the CNI agent: the mesh without sidecars.',
  demo: 'Everything small and switched on to look at, egress gateway and full tracing included. Not for production.',
  minimal: 'istiod alone, without gateways.',
  remote: 'A cluster whose control plane is in another cluster.',
  empty: 'Nothing; every component is switched on by hand.',
  preview: 'The default with experimental features switched on.',
  stable: 'The default with only those features that are stable.',
  openshift: 'The default with what OpenShift needs, such as the CNI agent.',
  'openshift-ambient': 'The mesh without sidecars, with what OpenShift needs.',
  external: 'A control plane that serves clusters other than its own.',
};
const PROFILES = Object.keys(INSTALL_PROFILES);

const UNKNOWN_PROFILE: CheckFacts = {
  code: 'unknown-install-profile',
  severity: 'warning',
  what: 'An installation starts from a profile that `istioctl` does not bring along.',
  why: '`istioctl install` fails when it finds no profile of that name.',
  todo: 'Use one of the built-in profiles, or the path of a file.',
  source: 'istio/istio manifests/profiles',
};

export const knownProfile: Rule = {
  facts: UNKNOWN_PROFILE,
  run(node, report) {
    const value = text(node);
    if (!value || PROFILES.includes(value) || /[/\\]|\.ya?ml$/.test(value)) return;
    const near = nearestName(value, PROFILES);
    const advice = near ? `did you mean \`${near}\`?` : `profiles are ${PROFILES.join(', ')}, or the path of a file.`;
    report(node, `There is no profile \`${value}\`; ${advice}`, { fixes: near ? [changeTo(node, near)] : [] });
  },
};

const REVISION: CheckFacts = {
  code: 'install-revision-name',
  severity: 'error',
  what: 'A name of a revision that cannot be part of the names of Kubernetes objects.',
  why: 'The Deployment, Service and webhooks of the control plane carry the name of the revision; `istioctl install` refuses others.',
  todo: 'Use lower-case letters, digits and hyphens, such as `1-30-3`.',
  source: 'istio/istio operator/pkg/apis/validation',
};

export const revisionName: Rule = {
  facts: REVISION,
  run(node, report) {
    const value = text(node);
    if (!value || (value.length <= 63 && /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?$/.test(value))) return;
    const meant = value.toLowerCase().replaceAll(/[^-a-z0-9]/g, '-');
    const fixes = /^[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?$/.test(meant) ? [changeTo(node, meant)] : [];
    report(
      node,
      `\`${value}\` cannot be the name of a revision: it becomes part of object names, so only lower-case letters, digits and hyphens are taken.`,
      { fixes },
    );
  },
};
