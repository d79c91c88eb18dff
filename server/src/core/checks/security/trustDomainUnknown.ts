import { parsePrincipal, principalsOf } from '../../mesh/principals.ts';
import { replaceScalar } from '../../yaml/edits.ts';
import { workspaceCheck } from '../check.ts';

/** A principal of a trust domain that is not among the known ones. */
export const trustDomainUnknown = workspaceCheck({
  facts: {
    code: 'trust-domain-unknown',
    severity: 'warning',
    what: 'A principal is of a trust domain that is not known.',
    why: 'Clients have identities of the trust domain of their mesh; one with a misspelled domain never matches.',
    todo: 'Correct the domain, write `cluster.local` for the own mesh whatever its name, or list the domain in `meshpath.trustDomains`.',
    peers: ['KIA0108'],
    source: 'kiali/kiali business/checkers/authorization/principals_checker.go',
  },
  kinds: ['security.istio.io/AuthorizationPolicy'],
  run(located, scope) {
    const { trustDomains } = scope.settings;
    const mesh = scope.meshConfig;
    // Other meshes may exist that nobody has told us about; only a list says that there are no more.
    if (trustDomains.length === 0 && mesh.root === undefined) return;
    const known = new Set(['cluster.local', mesh.trustDomain, ...mesh.trustDomainAliases, ...trustDomains]);
    for (const { node, principal } of principalsOf(located.root)) {
      const parsed = parsePrincipal(principal);
      if (!parsed || known.has(parsed.trustDomain)) continue;
      scope.report(
        node,
        `The trust domain \`${parsed.trustDomain}\` is none of those that are known: ${[...known].map((domain) => `\`${domain}\``).join(', ')}.`,
        {
          fixes:
            node.kind === 'scalar'
              ? [
                  {
                    title: `Change to \`${mesh.trustDomain}\``,
                    safe: false,
                    edits: [replaceScalar(node, principal.replace(parsed.trustDomain, mesh.trustDomain))],
                  },
                ]
              : [],
        },
      );
    }
  },
});
