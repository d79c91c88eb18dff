import type { RouteRule } from './core/mesh/routing/choice.ts';
import { destinationsOf, ownAnswerOf, shownDestination } from './core/mesh/routing/destinations.ts';
import { splitHost } from './core/mesh/routing/request.ts';
import { routeOf } from './core/mesh/routing/route.ts';
import type { World } from './core/model/world.ts';
import { type FileNames, placeOf } from './pathAnswer.ts';
import { issueText } from './protocol/issueText.ts';
import { type RouteAnswer, type RouteRequestJson, routeRequestSchema } from './protocol/route.ts';

// What `route` answers, the same from the library and the command line.

/** The request of a caller. Throws a `TypeError` that names the part which is not as it must be. */
export function readRouteRequest(value: unknown): RouteRequestJson {
  const read = routeRequestSchema.safeParse(value);
  if (!read.success)
    throw new TypeError(
      read.error.issues.map((issue) => `${['request', ...issue.path].join('.')}: ${issueText(issue)}`).join('; '),
    );
  return read.data;
}

export function routeAnswer(world: World, asked: RouteRequestJson, files: FileNames): RouteAnswer {
  const { host, port } = splitHost(asked.host);
  const { method = 'GET', path = '/', headers = {} } = asked;
  const { choice, notes } = routeOf(world, { host, port, method, path, headers });
  const rule = choice?.rule;
  return {
    schema: 'meshpath-route/v1',
    match: rule && choice.state === 'matched' ? matchOf(world, rule, files) : null,
    undecided: rule && choice.state === 'unknown' ? ruleOf(rule, files) : null,
    lost: (choice?.lost ?? []).map((lost) => ({ ...ruleOf(lost.rule, files), why: lost.why })),
    assume: [...notes, ...(choice?.assume ?? [])],
  };
}

function matchOf(world: World, rule: RouteRule, files: FileNames): NonNullable<RouteAnswer['match']> {
  const destinations = destinationsOf(world, rule);
  const answer = ownAnswerOf(rule, destinations);
  return {
    ...ruleOf(rule, files),
    destinations: destinations.map(shownDestination),
    ...(answer ? { answer: { ...answer } } : {}),
  };
}

function ruleOf({ route, index, node }: RouteRule, files: FileNames) {
  return {
    resource: `${route.resource.kind}/${route.namespace}/${route.name}`,
    rule: index,
    place: placeOf({ located: route, node }, files),
  };
}
