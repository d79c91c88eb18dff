import type { Diagnostic } from './core/features/diagnostics.ts';
import type { Severity } from './core/schema/rule.ts';
import type { Position } from './lineIndex.ts';

// What `check` answers, the same from the library and from the command line.

export interface Range {
  readonly start: Position;
  readonly end: Position;
}

export interface CheckDiagnostic {
  readonly file: string;
  /** Zero-based lines and UTF-16 characters, as in LSP. */
  readonly range: Range;
  readonly severity: Severity;
  readonly code: string;
  readonly message: string;
  /** The peers' codes for the same fault, such as IST0106. */
  readonly peers: readonly string[];
  readonly resource: {
    readonly apiVersion: string;
    readonly kind: string;
    readonly namespace: string | null;
    readonly name: string | null;
  } | null;
  readonly related: readonly { readonly file: string; readonly range: Range; readonly message: string }[];
  readonly fixes: readonly { readonly title: string; readonly safe: boolean }[];
}

export interface CheckResult {
  readonly schema: 'meshpath-check/v1';
  /** How many files and resources were read. */
  readonly files: number;
  readonly resources: number;
  readonly diagnostics: readonly CheckDiagnostic[];
}

/** A diagnostic in the answer's form; the caller knows how the file is called and where its spans are. */
export function checkDiagnostic(
  { severity, code, message, peers, resource, fixes }: Diagnostic,
  file: string,
  range: Range,
  related: CheckDiagnostic['related'],
): CheckDiagnostic {
  return {
    file,
    range,
    severity,
    code,
    message,
    peers,
    resource: resource
      ? {
          apiVersion: resource.apiVersion,
          kind: resource.kind,
          namespace: resource.namespace ?? null,
          name: resource.name ?? null,
        }
      : null,
    related,
    fixes: fixes.map(({ title, safe }) => ({ title, safe })),
  };
}
