import { knownClusters, networkRegistries } from '../../mesh/meshNetworks.ts';
import { workspaceCheck } from '../check.ts';

/** A network whose endpoints come from a cluster that Istio does not know. */
export const networkRegistryUnknown = workspaceCheck({
  facts: {
    code: 'network-registry-unknown',
    severity: 'error',
    what: 'A network of `meshNetworks` takes its endpoints from a registry that no Secret for another cluster names.',
    why: 'Istio puts no endpoint into that network: requests to it are sent to addresses that cannot be reached, instead of to its gateway.',
    todo: 'Write the name of a cluster as the Secret with the label `istio/multiCluster: "true"` has it, or `Kubernetes` for the own one.',
    peers: ['IST0126'],
    source: 'istio/istio pkg/config/analysis/analyzers/multicluster/meshnetworks.go',
  },
  kinds: ['/ConfigMap', 'install.istio.io/IstioOperator'],
  run(located, { world, settings, absence, report }) {
    if (located.resource.kind === 'ConfigMap' && !/^istio(?:-|$)/.test(located.name)) return;
    const registries = networkRegistries(located);
    if (registries.length === 0) return;
    const clusters = knownClusters(world);
    // Secrets are rarely kept with the rest. Only where there are some can one be missed.
    if (clusters.size === 1 && !settings.closedWorld) return;
    for (const { network, registry, span } of registries) {
      if (clusters.has(registry)) continue;
      const names = [...clusters].map((name) => `\`${name}\``).join(', ');
      report(
        span,
        `No cluster \`${registry}\` is known, so network \`${network}\` gets no endpoints from it. Known: ${names}.`,
        { severity: absence },
      );
    }
  },
});
