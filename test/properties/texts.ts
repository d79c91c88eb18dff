import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Diagnostic, type DocumentDiagnostics, diagnose } from '../../server/src/core/features/diagnostics.ts';
import { Workspace } from '../../server/src/core/model/workspace.ts';
import { type CoreSettings, DEFAULT_SETTINGS } from '../../server/src/core/settings.ts';
import { coreSettings } from '../../server/src/coreSettings.ts';
import { readSettings } from '../../server/src/protocol/settings.ts';
import { parseFixture } from '../fixture.ts';

// What the properties are tried on: the samples and the fixtures, as texts.

export interface TextFile {
  readonly path: string;
  readonly text: string;
}

const ROOT = join(import.meta.dirname, '../..');

export function sampleFiles(folder = ''): TextFile[] {
  const top = join(ROOT, 'samples');
  return readdirSync(join(top, folder), { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((name) => /\.(?:ya?ml|json|tpl)$/.test(name))
    .sort()
    .map((name) => ({ path: name, text: readFileSync(join(top, name), 'utf8') }));
}

export interface Case {
  readonly name: string;
  readonly files: readonly TextFile[];
  readonly settings: CoreSettings;
}

/** The workspaces of all fixtures of checks, and the faulty samples, each document with its neighbors. */
export function casesWithFaults(): Case[] {
  const folder = join(ROOT, 'test/fixtures/checks');
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.yaml'))
    .sort();
  const fixtures = paths.map((name): Case => {
    const { files, settings } = parseFixture('fixture.yaml', readFileSync(join(folder, name), 'utf8'));
    return { name, files, settings: coreSettings(readSettings(settings).settings) };
  });
  return [...fixtures, { name: 'samples/faults', files: sampleFiles('faults'), settings: DEFAULT_SETTINGS }];
}

/** A diagnostic at its place: offsets of the file. */
export interface Placed {
  readonly file: TextFile;
  readonly start: number;
  readonly diagnostic: Diagnostic;
}

export function workspaceOf(files: readonly TextFile[]): Workspace {
  const workspace = new Workspace();
  for (const { path, text } of files) workspace.setFile(path, text);
  return workspace;
}

export function diagnosticsIn(workspace: Workspace, settings: CoreSettings = DEFAULT_SETTINGS): Placed[] {
  const snapshot = workspace.snapshot();
  return [...snapshot.files]
    .sort((a, b) => (a.path < b.path ? -1 : 1))
    .flatMap((file) =>
      diagnose(snapshot, file, settings).flatMap(({ start, diagnostics }: DocumentDiagnostics) =>
        diagnostics.map((diagnostic) => ({ file, start, diagnostic })),
      ),
    );
}

/** A diagnostic as plain data, so that two can be compared. */
export function plain({ file, start, diagnostic }: Placed) {
  const { code, severity, message, span, fixes, related } = diagnostic;
  const fixTexts = fixes.map((fix) => ({
    title: fix.title,
    safe: fix.safe,
    edits: fix.edits.map((edit) => [start + edit.span.start, start + edit.span.end, edit.text]),
  }));
  return {
    file: file.path,
    at: [start + span.start, start + span.end],
    code,
    severity,
    message,
    fixes: fixTexts,
    related: JSON.stringify(related.map(({ message: text }) => text)),
  };
}

/** Whether an offset does not stand between the halves of a surrogate pair. */
export function isCharacterBorder(text: string, offset: number): boolean {
  const second = text.charCodeAt(offset);
  const first = text.charCodeAt(offset - 1);
  return !(second >= 0xdc00 && second <= 0xdfff && first >= 0xd800 && first <= 0xdbff);
}

/** What is wrong with the places of diagnostics: outside the text, turned around, or inside a character. */
export function misplaced(found: readonly Placed[]): string[] {
  return found.flatMap(({ file, start, diagnostic }) => {
    const spans = [diagnostic.span, ...diagnostic.fixes.flatMap((fix) => fix.edits.map((edit) => edit.span))];
    const wrong = spans.filter((span) => {
      const [from, to] = [start + span.start, start + span.end];
      return (
        from < 0 ||
        to < from ||
        to > file.text.length ||
        !isCharacterBorder(file.text, from) ||
        !isCharacterBorder(file.text, to)
      );
    });
    return wrong.map((span) => `${file.path} ${diagnostic.code} ${span.start}-${span.end} of ${file.text.length}`);
  });
}
