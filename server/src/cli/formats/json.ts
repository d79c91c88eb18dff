import type { CheckDiagnostic, CheckResult } from '../../api.ts';
import type { Finding, Findings } from '../findings.ts';

/** The same answer as the library's `check`. */
export function formatJson(findings: Findings): string {
  const { files, resources, list } = findings;
  const result: CheckResult = { schema: 'meshpath-check/v1', files, resources, diagnostics: list.map(jsonDiagnostic) };
  return `${JSON.stringify(result, null, 2)}\n`;
}

function jsonDiagnostic({ file, range, diagnostic, related }: Finding): CheckDiagnostic {
  const { severity, code, message, peers, resource, fixes } = diagnostic;
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
