import * as z from 'zod/mini';

// A hop path as it is shown: the words, made once by the server, and the forms that are made from them.

function list<T extends z.core.$ZodType>(item: T) {
  return z.readonly(z.array(item));
}

const policySchema = z.object({
  /** Which of the policies of the answer this is, from 0 on. */
  index: z.number(),
  tone: z.enum(['good', 'bad', 'faint']),
  text: z.string(),
});

const sceneSchema = z.object({
  title: z.string(),
  hops: list(
    z.object({
      number: z.number(),
      title: z.string(),
      facts: list(z.string()),
      policies: list(policySchema),
      branches: list(z.object({ text: z.string(), taken: z.boolean() })),
      state: z.enum(['reached', 'refused', 'unreached']),
    }),
  ),
  legs: list(z.object({ encrypted: z.boolean(), title: z.string(), facts: list(z.string()) })),
  elsewhere: list(policySchema),
  outcome: z.object({ result: z.enum(['allow', 'deny', 'unknown']), text: z.string() }),
  assumptions: list(z.string()),
  note: z.optional(z.string()),
});

/** An element of the picture. Nothing that can run or load: no links, no styles, no handlers. */
export interface PictureElement {
  readonly tag: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly (PictureElement | string)[];
}

const pictureSchema: z.ZodMiniType<PictureElement> = z.object({
  tag: z.enum(['svg', 'g', 'rect', 'path', 'text', 'tspan', 'title']),
  attributes: z.record(z.string().check(z.regex(/^(?!on|href|xlink|style)[A-Za-z-]+$/)), z.string()),
  children: list(z.union([z.string(), z.lazy(() => pictureSchema)])),
});

export const drawingSchema = z.object({
  scene: sceneSchema,
  /** The same drawing at several widths, the narrowest first, so that writing is as large in a narrow panel. */
  pictures: list(z.object({ width: z.number(), root: pictureSchema })),
  /** Texts to keep: an SVG document that stands alone, a Mermaid flowchart, and the outline. */
  svg: z.string(),
  mermaid: z.string(),
  text: z.string(),
});

/** The paths of one request in several meshes: what differs from the first column is marked. */
export const comparisonSchema = z.object({
  columns: list(z.string()),
  rows: list(z.object({ title: z.string(), cells: list(z.object({ text: z.string(), differs: z.boolean() })) })),
});

export type Drawing = z.infer<typeof drawingSchema>;
export type ComparisonTable = z.infer<typeof comparisonSchema>;
