import { describeLocated, type Located, perResource, shortPath } from '../../model/located.ts';
import { validateResource } from '../../schema/validateResource.ts';
import { DEFAULT_SETTINGS } from '../../settings.ts';
import { at, deref } from '../../yaml/access.ts';
import type { YamlNode } from '../../yaml/tree.ts';
import type { PathContext } from './context.ts';
import { type Ends, workloadAt } from './ends.ts';
import { refOf } from './judgement.ts';
import type { HopPath, Outcome, PolicyVerdict, Verdict } from './vocabulary.ts';

/**
 * What is on a path and cannot be applied as it is written: text that is no YAML, a value of another type, a word that
 * the field does not have. The cluster refuses it and keeps what it had before, so that nobody can say from files what
 * becomes of the request.
 */

/** The path with its doubts: the same where every resource on it can be read. */
export function withDoubts(context: PathContext, ends: Ends, path: HopPath): HopPath {
  const faults = faultsOn(context, ends, path);
  if (faults.size === 0) return path;
  const policies = path.policies.map((verdict): PolicyVerdict => {
    const fault = faults.get(verdict.policy);
    return fault === undefined ? verdict : { ...verdict, verdict: 'unknown', effect: 'none', reason: fault };
  });
  const notes = [...faults].map(
    ([located, fault]) => `${describeLocated(located)} in ${shortPath(located)}: ${fault}.`,
  );
  return {
    ...path,
    policies,
    outcome: outcomeDespite(path, faults),
    note: [...(path.note === undefined ? [] : [path.note]), ...notes].join(' '),
  };
}

/** Verdicts of policies that have a say; what is nowhere near the request can be as broken as it likes. */
const DECIDING: ReadonlySet<Verdict> = new Set(['enforced', 'degraded', 'no-effect', 'shadowed', 'unknown']);

function faultsOn({ world }: PathContext, ends: Ends, path: HopPath): Map<Located, string> {
  const { source, destination } = ends;
  const workloads = path.nodes.flatMap(({ id }) => workloadAt(world, id)?.located ?? []);
  const addressed =
    destination.kind === 'service'
      ? [destination.service.located]
      : destination.kind === 'entry'
        ? [destination.entry]
        : [];
  const named = [...workloads, ...addressed, ...(source.kind === 'gateway' ? [source.gateway] : [])];
  const namespaces = named.flatMap(({ namespace }) => world.find('/Namespace', '', namespace) ?? []);
  const made = path.nodes.flatMap(({ because }) => because.map(({ located }) => located));
  const policies = path.policies.flatMap(({ verdict, policy }) => (DECIDING.has(verdict) ? [policy] : []));
  const faults = new Map<Located, string>();
  for (const located of [...named, ...namespaces, ...made, ...policies]) {
    const fault = faultOf(located);
    if (fault !== undefined) faults.set(located, fault);
  }
  return faults;
}

/** What a policy refuses that can be read stays refused, whatever another policy says. */
function outcomeDespite({ outcome, policies }: HopPath, faults: ReadonlyMap<Located, string>): Outcome {
  const onlyPolicies = [...faults.keys()].every((located) => policies.some(({ policy }) => policy === located));
  const decider = policies.find(({ ref, verdict }) => ref === outcome.by && DECIDING.has(verdict))?.policy;
  if (outcome.result === 'deny' && onlyPolicies && decider && !faults.has(decider)) return outcome;
  const [first] = faults.keys();
  const at = policies.find(({ policy }) => policy === first)?.at ?? undefined;
  return { result: 'unknown', ...(at === undefined ? {} : { at }), ...(first ? { by: refOf(first) } : {}) };
}

const REFUSED = new Set(['wrong-type', 'invalid-enum-value']);

/** Why a resource cannot be applied, as a sentence without its end. The same for all releases that settings may name. */
export const faultOf = perResource(findFault);

function findFault({ resource, document }: Located): string | undefined {
  const { targets } = DEFAULT_SETTINGS;
  const { problems, actions } = document.parsed;
  // What a template makes of the text is known to nobody; the parts that matter are judged one by one.
  if (actions.length > 0) return undefined;
  if (problems.length > 0) return 'it is no valid YAML';
  const { definition, group, version, kind, namespace, name, root } = resource;
  if (!definition) return undefined;
  if (definition.project === 'kubernetes') return plainFault(root);
  const facts = {
    group,
    version,
    kind,
    namespace,
    name,
    targets,
    root,
    text: document.text,
    partial: false,
  };
  const problem = validateResource(definition, root, document.text, facts).find(({ code }) => REFUSED.has(code));
  return problem ? `it cannot be applied as written: ${problem.message.replace(/\.$/, '')}` : undefined;
}

/** What paths read of the kinds of Kubernetes itself, whose structure is validated by others. */
const MAPS = ['metadata.labels', 'metadata.annotations', 'spec', 'spec.selector', 'spec.podSelector'];
const LISTS = ['spec.ports', 'spec.containers', 'spec.ingress', 'spec.egress', 'spec.policyTypes'];
const TEMPLATES = ['', 'spec.template.', 'spec.jobTemplate.spec.template.'];

function plainFault(root: YamlNode): string | undefined {
  const wrong = (kind: 'map' | 'seq', paths: readonly string[]) =>
    TEMPLATES.flatMap((template) => paths.map((path) => `${template}${path}`)).find((path) => {
      const node = deref(at(root, ...path.split('.')));
      return node !== undefined && node.kind !== kind;
    });
  const [map, list] = [wrong('map', MAPS), wrong('seq', LISTS)];
  if (map !== undefined) return `it cannot be applied as written: \`${map}\` takes a map`;
  return list === undefined ? undefined : `it cannot be applied as written: \`${list}\` takes a list`;
}
