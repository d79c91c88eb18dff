import * as z from 'zod/mini';

/**
 * The part of SARIF 2.1.0 that Meshpath writes, as the published schema has it: nothing else may appear, lines and
 * columns begin at 1, and the required properties are there. What code scanning asks for beyond the schema is required
 * here too.
 */
const text = z.string().check(z.minLength(1));
const message = z.strictObject({ text });
/** A reference to a URI: what is no letter of one is escaped, and every percent sign begins an escape. */
const uri = z.string().check(z.regex(/^(?:[\w.~!$&'()*+,;=:@/-]|%[0-9A-F]{2})+$/));
/** Relative to the root of the repository: code scanning finds no file by an absolute path or by steps upwards. */
const artifactLocation = z.strictObject({
  uri: uri.check(z.refine((it) => !/^\/|^[a-z]+:|(?:^|\/)\.\.?(?:\/|$)/i.test(it))),
});

/** What the schema calls `uniqueItems`. */
const distinct = z.refine(
  (list: unknown) => Array.isArray(list) && new Set(list.map((item) => JSON.stringify(item))).size === list.length,
);
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
    .check(z.minLength(1), distinct),
});

const rule = z.strictObject({
  id: text,
  shortDescription: message,
  fullDescription: z.strictObject({ text: text.check(z.maxLength(1024)) }),
  help: z.strictObject({ text, markdown: text }),
  helpUri: z.url(),
  defaultConfiguration: z.strictObject({ level, enabled: z.optional(z.boolean()) }),
  properties: z.strictObject({ tags: z.array(text).check(distinct), peers: z.optional(z.array(text)) }),
});

const result = z.strictObject({
  ruleId: text,
  ruleIndex: z.int().check(z.gte(0)),
  level,
  message,
  locations: z.array(z.strictObject({ physicalLocation })).check(z.minLength(1)),
  relatedLocations: z.optional(
    z.array(z.strictObject({ id: z.int().check(z.gte(0)), physicalLocation, message })).check(z.minLength(1), distinct),
  ),
  // How the value was made, and in which version, belongs to its name.
  partialFingerprints: z.record(z.string().check(z.regex(/^[\w-]+\/v\d+$/)), text),
  fixes: z.optional(z.array(fix).check(z.minLength(1), distinct)),
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
            rules: z.array(rule).check(distinct),
          }),
        }),
        columnKind: z.enum(['utf16CodeUnits', 'unicodeCodePoints']),
        results: z.array(result),
      }),
    )
    .check(z.length(1)),
});

export type Sarif = z.infer<typeof sarifShape>;
