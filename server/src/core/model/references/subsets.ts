import { at, text } from '../../yaml/access.ts';
import { describeLocated } from '../located.ts';
import { type DestinationRuleFacts, destinationRulesFor } from '../traffic.ts';
import { beside, declared, type NameForm, namespaceOf, type Use } from './reference.ts';

/** Subsets: declared by the DestinationRules of a host, named beside that host, under `hostKey`. */
export function subsetOf(hostKey: string): NameForm {
  const rules = (use: Use): readonly DestinationRuleFacts[] => {
    const host = beside(use, hostKey);
    return host === undefined ? [] : destinationRulesFor(use.scope.world, host, namespaceOf(use.located));
  };
  return {
    noun: 'subset',
    resolve: (written, use) =>
      rules(use).flatMap(({ located, subsets }) =>
        subsets
          .filter(({ node }) => text(node, 'name') === written)
          .flatMap(({ node }) => declared(located, at(node, 'name'), 'subset')),
      ),
    candidates: (use) =>
      rules(use).flatMap(({ located, subsets }) =>
        subsets.map(({ name }) => ({ name, detail: describeLocated(located), rank: 0 })),
      ),
  };
}
