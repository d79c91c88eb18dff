import type { CheckFacts } from '../schema/rule.ts';
import type { SyntaxProblemCode } from '../yaml/tree.ts';

/** Faults of YAML itself, in our own words: the parser gives a code and a place only. */
export const YAML_SYNTAX: CheckFacts = {
  code: 'yaml-syntax',
  severity: 'error',
  what: 'The text is not valid YAML.',
  why: 'No tool can read the document; nothing in it is applied or checked further.',
  todo: 'Correct the syntax at the place shown.',
};

export const UNREADABLE_FILE: CheckFacts = {
  code: 'unreadable-file',
  severity: 'warning',
  what: 'A file or document that is not analyzed, because of its size, depth or content.',
  why: 'Reading it could stall or end the editor. Everything else in the workspace is still checked.',
  todo: 'Split the file, or exclude it with `meshpath.exclude`.',
};

export const SYNTAX_MESSAGES: Readonly<Record<SyntaxProblemCode, string>> = {
  'bad-alias':
    'An unquoted `*` begins an alias, and there is no anchor of this name before it; put the value in quotes if text is meant.',
  'bad-directive': 'This directive is not valid here.',
  'bad-escape': 'This escape does not exist in double quotes; use single quotes to keep backslashes as they are.',
  'bad-indent': 'The indentation does not fit the lines above: an entry must start in the same column as its siblings.',
  'bad-scalar-start': 'A plain value cannot start with this character; put the value in quotes.',
  'block-in-flow': 'A block (indented) collection cannot stand here.',
  'bad-tag': 'This tag does not fit the value.',
  'complex-key': 'A key must be plain text here.',
  'conflict-marker': 'A merge conflict begins here that was not resolved; keep one side and remove the marks.',
  'misplaced-property': 'An anchor or tag is in the wrong place or given twice.',
  'missing-character': 'A closing quote or bracket, or a separating comma, is missing.',
  'multiline-key': 'A key must be on one line and followed by a colon; is a `:` or a quote missing?',
  'second-colon':
    'A second `: ` on the line begins a map where a value is expected; put the value in quotes if text is meant.',
  'tab-indent': 'Tabs cannot be used for indentation; use spaces.',
  'too-deep': 'Nesting of more than 256 levels is not analyzed.',
  'too-many-aliases':
    'Aliases of aliases make this document far larger than it looks; Kubernetes refuses it, and it is not analyzed.',
  'too-large': 'Documents of more than 2 MiB are not analyzed.',
  'unexpected-token': 'YAML expects something else at this place; is a quote, comma or line break missing before it?',
  'not-text': 'The document contains a NUL character, so it is not text; it is not analyzed.',
};

/** Problems that are limits of ours rather than faults of the text. */
export const LIMIT_CODES: ReadonlySet<SyntaxProblemCode> = new Set([
  'too-deep',
  'too-large',
  'too-many-aliases',
  'not-text',
]);
