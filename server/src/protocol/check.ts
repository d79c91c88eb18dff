import * as z from 'zod/mini';

/** The answer of `meshpath check --format json` and of the library's `check`. Tests hold both to this schema. */

/** Zero-based, in UTF-16 code units, as in LSP. */
const position = z.strictObject({ line: z.int().check(z.gte(0)), character: z.int().check(z.gte(0)) });
const range = z.strictObject({ start: position, end: position });

export const checkDiagnosticSchema = z.strictObject({
  file: z.string(),
  range,
  severity: z.enum(['error', 'warning', 'info', 'hint']),
  code: z.string().check(z.regex(/^[a-z0-9]+(?:-[a-z0-9]+)*$/)),
  message: z.string().check(z.minLength(1)),
  peers: z.array(z.string()),
  resource: z.nullable(
    z.strictObject({
      apiVersion: z.string(),
      kind: z.string(),
      namespace: z.nullable(z.string()),
      name: z.nullable(z.string()),
    }),
  ),
  related: z.array(z.strictObject({ file: z.string(), range, message: z.string() })),
  fixes: z.array(z.strictObject({ title: z.string(), safe: z.boolean() })),
});

export const checkResultSchema = z.strictObject({
  schema: z.literal('meshpath-check/v1'),
  files: z.int().check(z.gte(0)),
  resources: z.int().check(z.gte(0)),
  diagnostics: z.array(checkDiagnosticSchema),
});

export type CheckResult = z.infer<typeof checkResultSchema>;
