import * as z from 'zod/mini';
import { placeSchema } from './path.ts';

// Which rule wins for a request, as the library and the command line answer it.

const ruleSchema = z.object({
  /** `Kind/namespace/name`. */
  resource: z.string(),
  /** Index of the rule in its resource, from 0 on. */
  rule: z.number(),
  place: placeSchema,
});

const destinationSchema = z.object({
  host: z.string(),
  subset: z.nullable(z.string()),
  port: z.nullable(z.number()),
  weight: z.number(),
});

export const routeAnswerSchema = z.object({
  schema: z.literal('meshpath-route/v1'),
  match: z.nullable(
    z.object({
      ...ruleSchema.shape,
      destinations: z.array(destinationSchema),
      /** What the proxy answers by itself instead of forwarding the request. */
      answer: z.optional(
        z.object({ kind: z.enum(['redirect', 'direct-response', 'fault', 'no-backend']), status: z.number() }),
      ),
    }),
  ),
  /** A rule that files do not let anybody evaluate, so that no winner can be named. */
  undecided: z.nullable(ruleSchema),
  /** The other rules that were looked at, each with the reason why it does not win. */
  lost: z.array(z.object({ ...ruleSchema.shape, why: z.string() })),
  assume: z.array(z.string()),
});

export type RouteAnswer = z.infer<typeof routeAnswerSchema>;

/** A request that is asked about. */
export const routeRequestSchema = z.strictObject({
  host: z.string(),
  method: z.optional(z.string()),
  path: z.optional(z.string()),
  headers: z.optional(z.record(z.string(), z.string())),
});

export type RouteRequestJson = z.infer<typeof routeRequestSchema>;
