import { nearestName } from '../../schema/unknownField.ts';
import { at, text } from '../../yaml/access.ts';
import { workspaceCheck } from '../check.ts';
import { slipOf } from '../slip.ts';

const GATEWAY_CLASS = 'gateway.networking.k8s.io/GatewayClass';

/** Made by istiod itself when it starts. */
const MADE_BY_ISTIOD = ['istio', 'istio-remote', 'istio-waypoint', 'istio-east-west'];

/** A Gateway of a class that nobody defines. */
export const gatewayClassNotFound = workspaceCheck({
  facts: {
    code: 'gateway-class-not-found',
    severity: 'error',
    what: 'A Gateway is of a GatewayClass that the workspace does not have.',
    why: 'No controller takes care of the Gateway: it gets no proxy and no address.',
    todo: 'Correct the name. The classes that Istio makes itself are `istio`, `istio-remote`, `istio-waypoint` and `istio-east-west`.',
    peers: ['KIA1504', 'GWAPI:not-found'],
    source: 'kiali/kiali business/checkers/k8sgateways/gatewayclass_checker.go',
  },
  kinds: ['gateway.networking.k8s.io/Gateway'],
  run({ root }, { world, settings, absence, report }) {
    const node = at(root, 'spec', 'gatewayClassName');
    const name = text(node);
    if (!node || name === undefined || MADE_BY_ISTIOD.includes(name) || world.find(GATEWAY_CLASS, '', name)) return;
    const classes = world.ofKind(GATEWAY_CLASS).map((found) => found.name);
    // Classes mostly come with a controller's chart. Only where some are written here can one be missed.
    if (classes.length === 0 && !settings.closedWorld) return;
    // A slip in a name of Istio's is told about beside the schema.
    if (nearestName(name, MADE_BY_ISTIOD) !== undefined) return;
    const { hint, fixes } = slipOf(node, name, classes);
    report(
      node,
      `The workspace has no GatewayClass \`${name}\`, so no controller makes a proxy for this Gateway.${hint}`,
      {
        severity: absence,
        fixes,
      },
    );
  },
});
