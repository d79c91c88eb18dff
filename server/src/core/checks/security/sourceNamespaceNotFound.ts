import { sourcesOf } from '../../mesh/principals.ts';
import { unwrittenNamespaces } from '../../mesh/systemNamespaces.ts';
import { items, text } from '../../yaml/access.ts';
import { workspaceCheck } from '../check.ts';
import { slipOf } from '../slip.ts';

/** A source namespace that the workspace does not have. */
export const sourceNamespaceNotFound = workspaceCheck({
  facts: {
    code: 'source-namespace-not-found',
    severity: 'error',
    what: 'An AuthorizationPolicy names a source namespace that the workspace does not have.',
    why: 'No client is in that namespace, so the rule never matches: an ALLOW admits nobody, a DENY stops nobody.',
    todo: 'Correct the name. Wildcards are allowed at its ends.',
    peers: ['IST0101', 'KIA0101'],
    source: 'istio/istio pkg/config/analysis/analyzers/authz/authorizationpolicies.go',
  },
  kinds: ['security.istio.io/AuthorizationPolicy'],
  run(located, scope) {
    const sources = sourcesOf(located.root);
    if (sources.length === 0) return;
    const namespaces = scope.world.namespaces();
    const existing = new Set([...namespaces, ...unwrittenNamespaces(scope.meshConfig.rootNamespace)]);
    for (const source of sources) {
      for (const node of [...items(source, 'namespaces'), ...items(source, 'notNamespaces')]) {
        const name = text(node);
        if (name === undefined || name === '' || matches(name, existing)) continue;
        const { hint, fixes } = slipOf(node, name, [...namespaces]);
        scope.report(node, `The workspace has no namespace \`${name}\`, so nobody calls from there.${hint}`, {
          severity: scope.absence,
          fixes,
        });
      }
    }
  },
});

function matches(pattern: string, namespaces: ReadonlySet<string>): boolean {
  if (pattern === '*' || namespaces.has(pattern)) return true;
  if (pattern.endsWith('*')) return [...namespaces].some((name) => name.startsWith(pattern.slice(0, -1)));
  return pattern.startsWith('*') && [...namespaces].some((name) => name.endsWith(pattern.slice(1)));
}
