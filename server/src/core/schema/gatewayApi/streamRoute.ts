import { field, list, object, required } from '../define.ts';
import { weightedBackend } from './backendRef.ts';
import { sectionName } from './names.ts';
import { distinctRuleNames } from './routeRules.ts';
import { someWeight } from './weights.ts';

/** The rules of routes that do not look into requests: TCPRoute, TLSRoute, UDPRoute. */

export function streamRules(limits: { maxRules: number; unit: 'connections' | 'datagrams'; failure: string }) {
  const rule = object({
    name: field(sectionName(), 'Tells this rule from others of the route, for policies and status.', { since: '1.2' }),
    backendRefs: required(
      list(weightedBackend(), { min: 1, max: 16, rules: [someWeight] }),
      `Where ${limits.unit} go, by weight. When a backend does not exist or may not be referred to, its share of them ${limits.failure}.`,
    ),
  });
  return required(
    list(rule, { min: 1, max: limits.maxRules, rules: [distinctRuleNames] }),
    'What happens to what the listener takes; one rule, since there is nothing to tell several apart by. Older versions allow more of them, and Linkerd refuses those.',
  );
}
