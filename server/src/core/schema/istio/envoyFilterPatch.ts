import { at, has, text } from '../../yaml/access.ts';
import type { CheckFacts, Rule } from '../rule.ts';
import { fieldNode } from '../rules.ts';

/** Whether a patch of an EnvoyFilter is complete, and does something at the place where it is applied. */

export const WEBHOOK = 'istio/istio pkg/config/validation/envoyfilter/envoyfilter.go, validateEnvoyFilter';
export const ANALYZER = 'istio/istio pkg/config/analysis/analyzers/envoyfilter/envoyfilter.go';

const INCOMPLETE_PATCH: CheckFacts = {
  code: 'envoy-filter-patch-incomplete',
  severity: 'error',
  what: 'A patch that does not say where it is applied, what is done, or with what.',
  why: 'istiod could not apply it; its webhook refuses the resource.',
  todo: 'Set `applyTo`, `patch.operation` and, for everything but `REMOVE`, `patch.value`.',
  source: WEBHOOK,
};

export const patchIsComplete: Rule = {
  facts: INCOMPLETE_PATCH,
  needsWhole: true,
  run(node, report) {
    const patch = at(node, 'patch');
    const operation = text(patch, 'operation');
    if (!has(node, 'applyTo') || text(node, 'applyTo') === 'INVALID') {
      report(at(node, 'applyTo') ?? node, 'The patch needs `applyTo`: what it changes.');
    } else if (patch === undefined) {
      report(node, 'A config patch needs `patch`: what is changed.');
    } else if (!has(patch, 'operation') || operation === 'INVALID') {
      report(at(patch, 'operation') ?? patch, '`patch` needs an `operation`.');
    } else if (operation !== undefined && operation !== 'REMOVE' && !has(patch, 'value')) {
      report(fieldNode(patch, 'operation'), `Operation \`${operation}\` needs a \`value\`.`);
    }
  },
};

const IGNORED_OPERATION: CheckFacts = {
  code: 'envoy-filter-add-ignored',
  severity: 'warning',
  what: '`ADD` on a route configuration or on routes.',
  why: 'Istio does not support it there: the reference says that the patch is ignored.',
  todo: 'Use `MERGE` to change what is there, or `INSERT_FIRST` and its like to add a route.',
  peers: ['IST0153'],
  source: ANALYZER,
};

const IGNORED_REMOVE: CheckFacts = {
  code: 'envoy-filter-remove-ignored',
  severity: 'warning',
  what: '`REMOVE` on a route configuration or on routes.',
  why: 'Istio does not support it there: the reference says that the patch is ignored.',
  todo: 'Remove the route at its source: the VirtualService or HTTPRoute.',
  peers: ['IST0154'],
  source: ANALYZER,
};

const MISPLACED_REPLACE: CheckFacts = {
  code: 'envoy-filter-replace-misplaced',
  severity: 'warning',
  what: '`REPLACE` on something that is not a filter.',
  why: 'Only filters can be replaced; elsewhere the patch does nothing.',
  todo: 'Use `MERGE`, or `REMOVE` and `ADD`.',
  peers: ['IST0152'],
  source: ANALYZER,
};

export const FILTERS = ['NETWORK_FILTER', 'HTTP_FILTER', 'LISTENER_FILTER'];

function operationRule(
  facts: CheckFacts,
  operation: string,
  isUseless: (place: string) => boolean,
  advice: string,
): Rule {
  return {
    facts,
    run(node, report) {
      const place = text(node, 'applyTo');
      const where = at(node, 'patch', 'operation');
      if (place === undefined || where === undefined || text(where) !== operation || !isUseless(place)) return;
      report(where, `By Istio's reference, \`${operation}\` is ignored for \`${place}\`; ${advice}.`);
    },
  };
}

export function isRoutes(place: string): boolean {
  return place === 'ROUTE_CONFIGURATION' || place === 'HTTP_ROUTE';
}

export const operationRules: readonly Rule[] = [
  operationRule(IGNORED_OPERATION, 'ADD', isRoutes, 'use `MERGE`, or an `INSERT_` operation for routes'),
  operationRule(IGNORED_REMOVE, 'REMOVE', isRoutes, 'change the VirtualService or HTTPRoute instead'),
  operationRule(MISPLACED_REPLACE, 'REPLACE', (place) => !FILTERS.includes(place), 'only filters can be replaced'),
];
