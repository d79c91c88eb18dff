import * as z from 'zod/mini';

/**
 * The part of SARIF 2.1.0 that Meshpath writes, as the published schema has it: nothing else may appear, lines and
 * columns begin at 1, and the required properties are there. What code scanning asks for beyond the schema is required
 * here too.
 */
const text = z.string().check(z.minLength(1));
const message = z.strictObject({ text });
const uri = z.string().check(z.regex(/^[\w.~%!$&'()*+,;=:@/-]+$/));
const artifactLocation = z.strictObject({ uri });
const one = z.int().check(z.gte(1));
const region = z
  .strictObject({ startLine: one, startColumn: one, endLine: one, endColumn: one })
  .check(
    z.refine(
      ({ startLine, startColumn, endLine, endColumn }) =>
        startLine < endLine || (startLine === endLine && startColumn <= endColumn),
    ),
  );
const physicalLocation = z.strictObject({ artifactLocation, region });
const level = z.enum(['none', 'note', 'warning', 'error']);

const replacement = z.strictObject({ deletedRegion: region, insertedContent: z.strictObject({ text: z.string() }) });
const fix = z.strictObject({
  description: message,
  artifactChanges: z
    .array(z.strictObject({ artifactLocation, replacements: z.array(replacement).check(z.minLength(1)) }))
    .check(z.minLength(1)),
});

const rule = z.strictObject({
  id: text,
  shortDescription: message,
  fullDescription: z.strictObject({ text: text.check(z.maxLength(1024)) }),
  help: z.strictObject({ text, markdown: text }),
  helpUri: z.url(),
  defaultConfiguration: z.strictObject({ level, enabled: z.optional(z.boolean()) }),
  properties: z.strictObject({ tags: z.array(text), peers: z.optional(z.array(text)) }),
});

const result = z.strictObject({
  ruleId: text,
  ruleIndex: z.int().check(z.gte(0)),
  level,
  message,
  locations: z.array(z.strictObject({ physicalLocation })).check(z.minLength(1)),
  relatedLocations: z.optional(z.array(z.strictObject({ id: z.int().check(z.gte(0)), physicalLocation, message }))),
  partialFingerprints: z.record(z.string(), text),
  fixes: z.optional(z.array(fix)),
});

export const sarifShape = z.strictObject({
  $schema: z.url(),
  version: z.literal('2.1.0'),
  runs: z
    .array(
      z.strictObject({
        tool: z.strictObject({
          driver: z.strictObject({
            name: text,
            semanticVersion: z.string().check(z.regex(/^\d+\.\d+\.\d+$/)),
            informationUri: z.url(),
            rules: z.array(rule),
          }),
        }),
        columnKind: z.enum(['utf16CodeUnits', 'unicodeCodePoints']),
        results: z.array(result),
      }),
    )
    .check(z.length(1)),
});

export type Sarif = z.infer<typeof sarifShape>;
