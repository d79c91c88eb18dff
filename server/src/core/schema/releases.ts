import type { Project } from './kind.ts';
import type { Targets } from './rule.ts';

/** Comparing releases: only `major.minor` counts. */

export const DEFAULT_TARGETS: Targets = {
  istio: '1.30',
  linkerd: '2.20',
  gatewayApi: { version: '1.6', channel: 'standard' },
};

/** Negative when `a` is older than `b`. Texts that are no versions compare as equal, so that nothing is claimed. */
export function compareReleases(a: string, b: string): number {
  const [left, right] = [parts(a), parts(b)];
  if (!left || !right) return 0;
  return left[0] - right[0] || left[1] - right[1];
}

type Parts = readonly [major: number, minor: number];
/** Few releases are ever named, and they are compared for every field. */
const known = new Map<string, Parts | undefined>();

function parts(release: string): Parts | undefined {
  if (!known.has(release)) {
    const match = /^v?(\d+)\.(\d+)/.exec(release);
    known.set(release, match ? [Number(match[1]), Number(match[2])] : undefined);
  }
  return known.get(release);
}

/** The release of a kind's project that the user targets; undefined for projects without such a setting. */
export function targetOf(project: Project, targets: Targets): string | undefined {
  switch (project) {
    case 'istio':
      return targets.istio;
    case 'linkerd':
      return targets.linkerd;
    case 'gateway-api':
      return targets.gatewayApi.version;
    default:
      return undefined;
  }
}

/** True when something that came with release `since` is not in the targeted release yet. */
export function isNewer(since: string | undefined, project: Project, targets: Targets): boolean {
  const target = targetOf(project, targets);
  return since !== undefined && target !== undefined && compareReleases(since, target) > 0;
}

export const PROJECT_NAMES: Readonly<Record<Project, string>> = {
  istio: 'Istio',
  linkerd: 'Linkerd',
  'gateway-api': 'Gateway API',
  smi: 'SMI',
  kubernetes: 'Kubernetes',
};
