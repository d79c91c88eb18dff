import * as z from 'zod/mini';
import { comparisonSchema, drawingSchema } from './drawing.ts';
import { hypothesisSchema, pathCaseSchema, pathRequestSchema } from './path.ts';

// Hop paths in an editor: requests of the client to the server. Both sides look at what the other one sends.

/** The hop path of what stands at a place, or of a request that is given. */
export const HOP_PATH_REQUEST = 'meshpath/hopPath';

const positionParam = z.object({ line: z.int().check(z.gte(0)), character: z.int().check(z.gte(0)) });

export const hopPathParams = z.union([
  z.strictObject({
    uri: z.string(),
    position: positionParam,
    hypothesis: z.optional(hypothesisSchema),
  }),
  z.strictObject({ request: pathRequestSchema, hypothesis: z.optional(hypothesisSchema) }),
]);

export const hopPathAnswer = z.object({
  /** What was found at the place, as people call it; absent for a request that was given. */
  subject: z.optional(z.string()),
  /** Files in it are URIs that the client knows. */
  case: pathCaseSchema,
  drawing: drawingSchema,
  /** What may be put in the place of the source and the target of the request. */
  choices: z.object({ sources: z.array(z.string()), targets: z.array(pathRequestSchema.shape.to) }),
});

/** Null where nothing stands that requests pass. */
export const hopPathResult = z.nullable(hopPathAnswer);

/**
 * The answers to `meshpath/hopPath` may have changed. Sent by the server, once after each answer, so that a client that
 * does not ask again is left alone.
 */
export const HOP_PATH_CHANGED = 'meshpath/hopPathChanged';

/** The same request as it is and as it would be in each mesh. */
export const COMPARE_REQUEST = 'meshpath/compareHopPaths';

export const compareParams = z.strictObject({ request: pathRequestSchema });

/** Null when the server failed; it has logged why. */
export const compareResult = z.nullable(comparisonSchema);

/** Who may do what: the outcome of each request, in order. */
export const ACCESS_REQUEST = 'meshpath/access';

export const accessParams = z.strictObject({ requests: z.array(pathRequestSchema) });

export const accessResult = z.object({ cases: z.array(pathCaseSchema) });

export type HopPathParams = z.infer<typeof hopPathParams>;
export type HopPathAnswer = z.infer<typeof hopPathAnswer>;
export type HopPathResult = z.infer<typeof hopPathResult>;
export type CompareParams = z.infer<typeof compareParams>;
export type CompareResult = z.infer<typeof compareResult>;
export type AccessResult = z.infer<typeof accessResult>;
