import { readFileSync, writeFileSync } from 'node:fs';
import { type CheckDiagnostic, check } from '../server/src/api.ts';

/**
 * Fixtures are YAML files whose comments are the assertions. A line `#- path` begins a file of a workspace; a line below
 * some text says what is reported there:
 *
 *       portLevelMtls:
 *     # ^^^^^^^^^^^^^ error port-level-mtls-needs-selector: part of the message
 *     #@0-10 error code: part of the message        (columns, where carets cannot stand)
 *
 * `#! settings: {json}` on the first line gives settings.
 */
export interface Fixture {
  readonly path: string;
  readonly files: readonly { readonly path: string; readonly text: string }[];
  readonly settings: unknown;
  readonly expected: readonly string[];
}

const CARETS = /^#( +)(\^+) (error|warning|info|hint) ([a-z0-9-]+)(?:: (.*))?$/;
const COLUMNS = /^#@(\d+)-(\d+) (error|warning|info|hint) ([a-z0-9-]+)(?:: (.*))?$/;

interface Marker {
  readonly file: string;
  readonly line: number;
  readonly start: number;
  readonly end: number;
  readonly severity: string;
  readonly code: string;
  readonly message: string;
}

/** What a line of a fixture says is reported on the line above; undefined for other lines. */
export function markerOf(line: string): Omit<Marker, 'file' | 'line'> | undefined {
  const carets = CARETS.exec(line);
  if (carets) {
    const start = 1 + (carets[1] ?? '').length;
    return {
      start,
      end: start + (carets[2] ?? '').length,
      severity: carets[3] ?? '',
      code: carets[4] ?? '',
      message: carets[5] ?? '',
    };
  }
  const columns = COLUMNS.exec(line);
  if (!columns) return undefined;
  return {
    start: Number(columns[1]),
    end: Number(columns[2]),
    severity: columns[3] ?? '',
    code: columns[4] ?? '',
    message: columns[5] ?? '',
  };
}

interface Parsed {
  readonly files: { path: string; text: string }[];
  readonly markers: Marker[];
  readonly settings: unknown;
}

export function parseFixture(name: string, text: string): Parsed {
  const files: { path: string; lines: string[] }[] = [{ path: name, lines: [] }];
  const markers: Marker[] = [];
  let settings: unknown = {};
  for (const line of text.split('\n')) {
    const file = files.at(-1);
    if (!file) break;
    const marker = markerOf(line);
    const head = /^#- (\S+)$/.exec(line);
    if (line.startsWith('#! settings: ')) settings = JSON.parse(line.slice('#! settings: '.length));
    else if (head?.[1]) {
      if (file.lines.length === 0) files.pop();
      files.push({ path: head[1], lines: [] });
    } else if (marker) markers.push({ ...marker, file: file.path, line: lastTextLine(file.lines) });
    else file.lines.push(line);
  }
  return { files: files.map(({ path, lines }) => ({ path, text: lines.join('\n') })), markers, settings };
}

function lastTextLine(lines: readonly string[]): number {
  return lines.length - 1;
}

/** Ranges over several lines are shown up to the end of their first line. */
function firstLineEnd(diagnostic: CheckDiagnostic, files: Parsed['files']): number {
  const { start, end } = diagnostic.range;
  if (end.line === start.line) return end.character;
  return files.find((file) => file.path === diagnostic.file)?.text.split('\n')[start.line]?.length ?? start.character;
}

export interface FixtureResult {
  readonly parsed: Parsed;
  readonly diagnostics: readonly CheckDiagnostic[];
  /** What differs between the markers and the diagnostics, for people. */
  readonly differences: readonly string[];
}

/** `ignored` codes are neither expected nor reported: what has nothing to do with the check that the fixture is about. */
export async function runFixture(path: string, ignored: ReadonlySet<string> = new Set()): Promise<FixtureResult> {
  const parsed = parseFixture('fixture.yaml', readFileSync(path, 'utf8'));
  const result = await check({ files: parsed.files }, parsed.settings);
  const diagnostics = result.diagnostics.filter(({ code }) => !ignored.has(code));
  const open = [...parsed.markers];
  const differences: string[] = [];
  for (const diagnostic of diagnostics) {
    const { start } = diagnostic.range;
    const end = firstLineEnd(diagnostic, parsed.files);
    const at = open.findIndex(
      (marker) =>
        marker.file === diagnostic.file &&
        marker.line === start.line &&
        marker.start === start.character &&
        marker.end === end &&
        marker.severity === diagnostic.severity &&
        marker.code === diagnostic.code &&
        diagnostic.message.includes(marker.message),
    );
    if (at === -1)
      differences.push(
        `unexpected ${diagnostic.file}:${start.line + 1}:${start.character}-${end} ${diagnostic.severity} ${diagnostic.code}: ${diagnostic.message}`,
      );
    else open.splice(at, 1);
  }
  for (const marker of open)
    differences.push(
      `missing ${marker.file}:${marker.line + 1}:${marker.start}-${marker.end} ${marker.severity} ${marker.code}: ${marker.message}`,
    );
  return { parsed, diagnostics, differences };
}

/** Rewrites the markers of a fixture to what is reported now; the diff is reviewed as a change of behavior. */
export async function updateFixture(path: string, ignored?: ReadonlySet<string>): Promise<void> {
  const source = readFileSync(path, 'utf8');
  const { parsed, diagnostics } = await runFixture(path, ignored);
  const settings = source.split('\n').filter((line) => line.startsWith('#! settings: '));
  const named = source.split('\n').some((line) => /^#- \S+$/.test(line));
  const out: string[] = [...settings];
  for (const file of parsed.files) {
    if (named) out.push(`#- ${file.path}`);
    for (const [index, line] of file.text.split('\n').entries()) {
      out.push(line);
      for (const diagnostic of diagnostics.filter((d) => d.file === file.path && d.range.start.line === index)) {
        const start = diagnostic.range.start.character;
        const end = firstLineEnd(diagnostic, parsed.files);
        const tail = `${diagnostic.severity} ${diagnostic.code}: ${diagnostic.message}`;
        out.push(
          start >= 2
            ? `#${' '.repeat(start - 1)}${'^'.repeat(Math.max(1, end - start))} ${tail}`
            : `#@${start}-${end} ${tail}`,
        );
      }
    }
  }
  writeFileSync(path, out.join('\n'));
}
