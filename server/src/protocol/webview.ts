import * as z from 'zod/mini';
import { comparisonSchema } from './drawing.ts';
import { hopPathAnswer, hopPathParams } from './panel.ts';
import { pathRequestSchema, placeSchema } from './path.ts';

// What the page of the hop path panel and the extension say to each other. Each message to the page is a whole picture,
// because an editor drops messages to pages that are hidden.

export const toPageSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('path'),
    question: hopPathParams,
    /** The panel stays where it is, whatever the cursor does. */
    pinned: z.boolean(),
    answer: hopPathAnswer,
    /** Present while the meshes are compared. */
    comparison: z.optional(comparisonSchema),
  }),
  /** There is no path to show, and why. */
  z.object({ type: z.literal('nothing'), text: z.string() }),
]);

export const EXPORT_FORMATS = ['svg', 'mermaid', 'text', 'json'] as const;

/** A PNG in base64: no more than a drawing needs, and with the first bytes that every PNG has. */
const pngSchema = z.string().check(z.maxLength(32 * 1024 * 1024), z.regex(/^iVBORw0KGgo[A-Za-z0-9+/]*={0,2}$/));

export const fromPageSchema = z.discriminatedUnion('type', [
  /** The page is there and shows nothing yet. */
  z.strictObject({ type: z.literal('ready') }),
  z.strictObject({ type: z.literal('ask'), request: pathRequestSchema }),
  z.strictObject({ type: z.literal('pin'), pinned: z.boolean() }),
  z.strictObject({ type: z.literal('compare'), on: z.boolean() }),
  /** A place of the answer that is shown. */
  z.strictObject({ type: z.literal('reveal'), place: placeSchema }),
  z.strictObject({ type: z.literal('export'), format: z.enum(EXPORT_FORMATS) }),
  /** The drawing in the colors of the theme, which only the page knows. */
  z.strictObject({ type: z.literal('save-png'), png: pngSchema }),
  z.strictObject({ type: z.literal('copy-link') }),
]);

/** What the editor keeps of a panel while its window is closed. */
export const pageStateSchema = z.object({ question: hopPathParams, pinned: z.boolean() });

export type ToPage = z.infer<typeof toPageSchema>;
export type FromPage = z.infer<typeof fromPageSchema>;
export type PageState = z.infer<typeof pageStateSchema>;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];
