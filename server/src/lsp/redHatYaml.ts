import type { TextDocument } from 'vscode-languageserver-textdocument';
import {
  DUPLICATE_KEY,
  INVALID_ENUM_VALUE,
  MISSING_REQUIRED,
  OUT_OF_RANGE,
  PATTERN_MISMATCH,
  UNKNOWN_FIELD,
  WRONG_TYPE,
} from '../core/schema/checks.ts';
import type { RedHatYamlState } from '../protocol/redHatYaml.ts';

/** What Meshpath leaves to others for one document, so that nothing appears twice. */
export interface Share {
  /** Another extension reports the faults of YAML itself. */
  readonly syntax: boolean;
  /** Another extension has a schema for the document: it completes, describes and validates the structure. */
  readonly structure: boolean;
}

/** What decides about a document. */
export type DocumentFacts = Pick<TextDocument, 'uri' | 'languageId'>;

const ALL_OURS: Share = { syntax: false, structure: false };

/**
 * `state` is undefined when the client never said anything about Red Hat YAML, which is any client but our own. Ours
 * runs in VS Code, where an extension that comes with the editor reports the syntax errors of JSON.
 */
export function shareOf(document: DocumentFacts, state: RedHatYamlState | undefined): Share {
  if (state === undefined) return ALL_OURS;
  if (document.languageId === 'json' || document.languageId === 'jsonc') return { syntax: true, structure: false };
  if (document.languageId !== 'yaml' || !state.active) return ALL_OURS;
  return { syntax: true, structure: state.shared.includes(document.uri) };
}

/** Faults that the YAML parser of the other extension reports as syntax errors. */
const SYNTAX_CODES: ReadonlySet<string> = new Set([DUPLICATE_KEY.code]);

/** What a JSON schema can say. What a field means for the mesh, its releases and its YAML 1.1 traps stay ours. */
const STRUCTURE_CODES: ReadonlySet<string> = new Set(
  [UNKNOWN_FIELD, WRONG_TYPE, INVALID_ENUM_VALUE, MISSING_REQUIRED, OUT_OF_RANGE, PATTERN_MISMATCH].map(
    ({ code }) => code,
  ),
);

export function isLeftToOthers(code: string, share: Share): boolean {
  return (share.syntax && SYNTAX_CODES.has(code)) || (share.structure && STRUCTURE_CODES.has(code));
}
