import * as z from 'zod/mini';
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

/** Null where nothing stands that requests pass. Files in the answer are URIs that the client knows. */
export const hopPathResult = z.nullable(
  z.object({
    /** What was found at the place, as people call it; absent for a request that was given. */
    subject: z.optional(z.string()),
    case: pathCaseSchema,
    choices: z.optional(z.object({ sources: z.array(z.string()), targets: z.array(pathRequestSchema.shape.to) })),
  }),
);

/** Who may do what: the outcome of each request, in order. */
export const ACCESS_REQUEST = 'meshpath/access';

export const accessParams = z.strictObject({ requests: z.array(pathRequestSchema) });

export const accessResult = z.object({ cases: z.array(pathCaseSchema) });

export type HopPathParams = z.infer<typeof hopPathParams>;
export type HopPathResult = z.infer<typeof hopPathResult>;
export type AccessResult = z.infer<typeof accessResult>;
