import { type CheckResult, checkDiagnostic } from '../../checkAnswer.ts';
import type { Findings } from '../findings.ts';

/** The same answer as the library's `check`. */
export function formatJson(findings: Findings): string {
  const { files, resources, list } = findings;
  const diagnostics = list.map(({ file, range, diagnostic, related }) =>
    checkDiagnostic(diagnostic, file, range, related),
  );
  const result: CheckResult = { schema: 'meshpath-check/v1', files, resources, diagnostics };
  return `${JSON.stringify(result, null, 2)}\n`;
}
