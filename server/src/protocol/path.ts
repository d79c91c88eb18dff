import * as z from 'zod/mini';
import { issueText } from './issueText.ts';

// Hop paths as they leave the core: for the library, the command line, and the panel of the editor.

/** A request that is asked about, as files and callers write it. */
export const pathRequestSchema = z.strictObject({
  from: z.string(),
  to: z.union([
    z.strictObject({ service: z.string(), port: z.number(), endpoint: z.optional(z.string()) }),
    z.strictObject({ pod: z.string(), port: z.number() }),
    z.strictObject({ host: z.string(), port: z.number() }),
  ]),
  http: z.optional(
    z.strictObject({
      method: z.string(),
      path: z.string(),
      host: z.optional(z.string()),
      headers: z.optional(z.record(z.string(), z.string())),
    }),
  ),
});

export const hypothesisSchema = z.enum(['ambient', 'waypoint', 'sidecar', 'linkerd', 'cilium']);

const positionSchema = z.object({ line: z.number(), character: z.number() });

/** A place in a file: zero-based lines, characters in UTF-16 units. */
export const placeSchema = z.object({
  file: z.string(),
  range: z.object({ start: positionSchema, end: positionSchema }),
});

const places = z.array(placeSchema);
const verdictSchema = z.enum([
  'enforced',
  'degraded',
  'no-effect',
  'not-attached',
  'ignored',
  'bypassed',
  'shadowed',
  'not-applicable',
  'unknown',
]);

const outcomeSchema = z.object({
  result: z.enum(['allow', 'deny', 'unknown']),
  at: z.optional(z.string()),
  by: z.optional(z.string()),
  signal: z.optional(z.string()),
});

/** One answer: the path of a request and what becomes of it. */
export const pathCaseSchema = z.object({
  request: pathRequestSchema,
  nodes: z.array(z.object({ id: z.string(), kind: z.string(), because: places })),
  legs: z.array(
    z.object({
      seq: z.number(),
      from: z.string(),
      to: z.string(),
      kind: z.string(),
      port: z.number(),
      scope: z.enum(['pod-local', 'node-local', 'network']),
      encrypted: z.boolean(),
      mutualAuth: z.boolean(),
      peerIdentitySeen: z.nullable(z.string()),
      underlay: z.optional(z.enum(['wireguard', 'ipsec', 'unknown'])),
      appTls: z.optional(z.enum(['yes', 'no', 'unknown'])),
      certainty: z.enum(['certain', 'assumed', 'unknown']),
      why: z.string(),
      because: places,
    }),
  ),
  /** The proxies that can decide about the request, and what each sees of it. */
  points: z.array(
    z.object({
      node: z.string(),
      layer: z.enum(['L4', 'L7']),
      sees: z.object({
        identity: z.nullable(z.string()),
        port: z.number(),
        portMeaning: z.enum(['service', 'workload']),
        srcIp: z.enum(['client', 'previous-hop']),
      }),
    }),
  ),
  policies: z.array(
    z.object({
      ref: z.string(),
      verdict: verdictSchema,
      at: z.nullable(z.string()),
      effect: z.enum(['as-written', 'broader', 'narrower', 'fail-open', 'fail-closed', 'none']),
      reason: z.nullable(z.string()),
      /** Where the policy is written. */
      place: placeSchema,
      because: places,
    }),
  ),
  routes: z.array(
    z.object({
      node: z.string(),
      ref: z.string(),
      rule: z.nullable(z.number()),
      place: z.nullable(placeSchema),
      destinations: z.array(
        z.object({
          host: z.string(),
          subset: z.nullable(z.string()),
          port: z.nullable(z.number()),
          weight: z.number(),
          taken: z.boolean(),
        }),
      ),
      /** Hosts that get a copy of the request. */
      mirrors: z.optional(z.array(z.string())),
    }),
  ),
  outcome: outcomeSchema,
  assume: z.array(z.string()),
  note: z.optional(z.string()),
});

export const pathAnswerSchema = z.object({
  schema: z.literal('meshpath-path/v1'),
  cases: z.array(pathCaseSchema),
});

export const accessAnswerSchema = z.object({
  schema: z.literal('meshpath-access/v1'),
  cases: z.array(pathCaseSchema),
});

/** Who may call whom, for `access --matrix`. */
export const accessMatrixSchema = z.object({
  schema: z.literal('meshpath-access/v1'),
  matrix: z.object({
    clients: z.array(z.string()),
    targets: z.array(z.object({ service: z.string(), port: z.number() })),
    /** By client, then by target. */
    outcomes: z.array(z.array(outcomeSchema)),
  }),
});

export type PathRequestJson = z.infer<typeof pathRequestSchema>;
export type PathCase = z.infer<typeof pathCaseSchema>;
export type PathAnswer = z.infer<typeof pathAnswerSchema>;
export type AccessAnswer = z.infer<typeof accessAnswerSchema>;
export type AccessMatrixAnswer = z.infer<typeof accessMatrixSchema>;
export type PathPlace = z.infer<typeof placeSchema>;
export type HypothesisName = z.infer<typeof hypothesisSchema>;

/** The requests of a file or a caller: one, or a list of them. Throws a `TypeError` that names the first wrong place. */
export function readRequests(input: unknown): PathRequestJson[] {
  const list: readonly unknown[] = Array.isArray(input) ? input : [input];
  return list.map((request, index) => {
    const result = pathRequestSchema.safeParse(request);
    if (result.success) return result.data;
    const [issue] = result.error.issues;
    const place = ['requests', index, ...(issue?.path ?? [])].join('.');
    throw new TypeError(`${place}: ${issue ? requestIssue(issue) : 'is not a request'}`);
  });
}

function requestIssue(issue: z.core.$ZodIssue): string {
  return issue.code === 'invalid_union'
    ? 'must name a service, a pod or a host, and a port that is a number'
    : issueText(issue);
}
