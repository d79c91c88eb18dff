import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import {
  CodeActionKind,
  CompletionItemKind,
  CompletionItemTag,
  DiagnosticSeverity,
  DiagnosticTag,
  FileChangeType,
  InsertTextFormat,
  InsertTextMode,
  TextDocumentSyncKind,
} from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { lspDiagnostic } from '../../server/src/lsp/convert.ts';
import * as numbers from '../../server/src/lsp/numbers.ts';
import { pathOfUri } from '../../server/src/lsp/uri.ts';

describe('a diagnostic for the client', () => {
  const document = TextDocument.create('file:///a.yaml', 'yaml', 1, 'one\n---\ntwo: 2\n');
  const other = TextDocument.create('file:///b.yaml', 'yaml', 1, '---\nthree: 3\n');
  const problem = {
    code: 'some-code',
    severity: 'info',
    message: 'This explains itself.',
    span: { start: 4, end: 7 },
    peers: ['IST0101'],
    fixes: [],
    related: [
      { span: { start: 9, end: 10 }, message: 'here' },
      { span: { start: 0, end: 5 }, message: 'there', elsewhere: { path: '/b.yaml', document: { text: '' } } },
      { span: { start: 0, end: 1 }, message: 'nowhere', elsewhere: { path: '/gone.yaml', document: { text: '' } } },
    ],
    resource: undefined,
    tag: 'deprecated',
  } as const;

  it('has its places in the file, though the core counts from the document', () => {
    const made = lspDiagnostic(document, 4, problem, ({ path }) =>
      path === '/b.yaml' ? { document: other, start: 4 } : undefined,
    );
    assert.equal(document.getText(made.range), 'two');
    assert.equal(made.severity, 3);
    assert.deepEqual(made.tags, [2]);
    assert.deepEqual(made.data, { peers: ['IST0101'] });
    const places = made.relatedInformation?.map(({ location, message }) => [
      location.uri,
      (location.uri === other.uri ? other : document).getText(location.range),
      message,
    ]);
    assert.deepEqual(places, [
      ['file:///a.yaml', '2', 'here'],
      ['file:///b.yaml', 'three', 'there'],
    ]);
  });

  it('has no related places for clients that do not show them', () => {
    assert.equal(lspDiagnostic(document, 4, problem, undefined).relatedInformation, undefined);
  });
});

describe('names of files', () => {
  it('are the URI without escapes, or as it is when there is a bare percent sign', () => {
    assert.equal(pathOfUri('file:///c%3A/two%20words.yaml'), 'file:///c:/two words.yaml');
    assert.equal(pathOfUri('file:///100%.yaml'), 'file:///100%.yaml');
  });
});

describe('the numbers of the protocol', () => {
  it('are those of its package', () => {
    const { Deprecated, Unnecessary } = DiagnosticTag;
    const { Error: error, Warning: warning, Information: info, Hint: hint } = DiagnosticSeverity;
    const { Class, Property, Snippet, Reference, EnumMember } = CompletionItemKind;
    assert.deepEqual(numbers.DIAGNOSTIC_SEVERITY, { error, warning, info, hint });
    assert.deepEqual(numbers.DIAGNOSTIC_TAG, { unnecessary: Unnecessary, deprecated: Deprecated });
    assert.deepEqual(numbers.COMPLETION_KIND, {
      class: Class,
      property: Property,
      snippet: Snippet,
      reference: Reference,
      enumMember: EnumMember,
    });
    assert.equal(numbers.COMPLETION_TAG.deprecated, CompletionItemTag.Deprecated);
    assert.equal(numbers.INSERT_TEXT_FORMAT.snippet, InsertTextFormat.Snippet);
    assert.equal(numbers.INSERT_TEXT_MODE.asIs, InsertTextMode.asIs);
    assert.equal(numbers.SYNC_KIND.incremental, TextDocumentSyncKind.Incremental);
    assert.equal(numbers.FILE_CHANGE.deleted, FileChangeType.Deleted);
    assert.equal(numbers.CODE_ACTION_KIND.quickFix, CodeActionKind.QuickFix);
    assert.ok(numbers.CODE_ACTION_KIND.fixAll.startsWith(`${CodeActionKind.SourceFixAll}.`));
  });
});
