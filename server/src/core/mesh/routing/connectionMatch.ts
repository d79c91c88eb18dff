import { hostsMatch } from '../../model/hosts.ts';
import { containsNetwork, parseNetwork } from '../../schema/addresses.ts';
import { at, items, text } from '../../yaml/access.ts';
import type { YamlNode } from '../../yaml/tree.ts';
import { every, some, type Truth, truthOf } from '../truth.ts';
import { gatewaysFit, type MatchContext, numberFits, sourceFits } from './virtualServiceMatch.ts';

/**
 * Whether some match of a `tls` or `tcp` rule of a VirtualService fits a connection. A `tcp` rule without matches takes
 * every connection; a `tls` rule lives by the names in its matches, and without them takes none.
 */
export function connectionRuleFits(rule: YamlNode, context: MatchContext): Truth {
  const matches = items(rule, 'match');
  const named = context.request.section === 'tls';
  if (matches.length === 0) return named ? 'no' : 'yes';
  return some(matches, (match) =>
    every([named ? sniFits(items(match, 'sniHosts'), context) : 'yes', addressFits(match, context)], (part) => part),
  );
}

function sniFits(names: readonly YamlNode[], { request: { sni }, onlySni }: MatchContext): Truth {
  if (onlySni !== undefined && (names.length > 1 || names.some((name) => text(name) !== onlySni))) return 'no';
  return some(names, (node) => {
    const name = text(node);
    return name === undefined || sni === undefined ? 'unknown' : truthOf(hostsMatch(name.toLowerCase(), sni));
  });
}

function addressFits(match: YamlNode, context: MatchContext): Truth {
  const subnets = items(match, 'destinationSubnets');
  const port = at(match, 'port');
  return every(
    [
      subnets.length === 0 ? 'yes' : some(subnets, (subnet) => isInside(text(subnet), context)),
      port ? numberFits(port, context.request.port) : 'yes',
      sourceFits(match, context),
      gatewaysFit(match, context),
    ],
    (part) => part,
  );
}

/** The address of a Service is given by the cluster, so that files seldom know it. */
function isInside(written: string | undefined, { request: { addresses = [] } }: MatchContext): Truth {
  const subnet = written === undefined ? undefined : parseNetwork(written);
  const known = addresses.flatMap((address) => parseNetwork(address) ?? []);
  if (!subnet || known.length === 0) return subnet?.prefix === 0 ? 'yes' : 'unknown';
  return truthOf(known.some((address) => containsNetwork(subnet, address)));
}
