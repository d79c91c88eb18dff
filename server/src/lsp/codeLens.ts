import type { CodeLens, Connection } from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import { hopPathAt, isPassed } from '../core/features/hopPathAt.ts';
import { hopPath } from '../core/mesh/paths/hopPath.ts';
import { coreSettings } from '../coreSettings.ts';
import { SHOW_HOP_PATH } from '../protocol/commands.ts';
import { hopPathParams } from '../protocol/panel.ts';
import { rangeOf } from './convert.ts';
import type { FeatureContext } from './featureContext.ts';
import { type Guard, requireTextDocument } from './guard.ts';

export interface CodeLenses {
  /** Files or settings changed that no edit touches: most of what a lens counts is written in other files. */
  allChanged(): void;
}

/** A lens above every resource that a request can show. What it says is found out when the lens comes into sight. */
export function answerCodeLenses(connection: Connection, guard: Guard, context: FeatureContext): CodeLenses {
  connection.onCodeLens(
    guard.request('textDocument/codeLens', (params) => {
      requireTextDocument(params);
      const document = context.documents.get(params.textDocument.uri);
      return document && context.settings.current.codeLens.enabled ? lensesOf(context, document) : null;
    }),
  );
  connection.onCodeLensResolve(async (lens, token) => {
    const resolve = guard.request<CodeLens, CodeLens>('codeLens/resolve', (given) => resolved(context, given));
    return (await resolve(lens, token)) ?? lens;
  });
  const { showsHopPaths, refreshesCodeLenses } = context.client;
  return {
    allChanged: () => {
      if (showsHopPaths && refreshesCodeLenses)
        void guard.run('codeLens', () => connection.sendRequest('workspace/codeLens/refresh'));
    },
  };
}

function lensesOf({ documents, settings }: FeatureContext, document: TextDocument): CodeLens[] {
  const snapshot = documents.snapshot();
  const paths = { world: snapshot.world, settings: coreSettings(settings.current), hypothesis: undefined };
  return snapshot.located(documents.file(document)).flatMap((located): CodeLens[] => {
    const start = snapshot.startOf(located);
    // Everything in a namespace has a lens of its own.
    if (start === undefined || located.resource.kind === 'Namespace' || !isPassed(paths, located)) return [];
    const range = rangeOf(document, { start: located.root.start, end: located.root.start }, start);
    return [{ range, data: { uri: document.uri, position: range.start } }];
  });
}

function resolved({ documents, settings }: FeatureContext, lens: CodeLens): CodeLens {
  const place = hopPathParams.safeParse(lens.data);
  if (!place.success || 'request' in place.data) return lens;
  const { uri, position } = place.data;
  const document = documents.get(uri);
  const core = coreSettings(settings.current);
  const snapshot = documents.snapshot();
  const subject = document && hopPathAt(snapshot, documents.file(document), document.offsetAt(position), core);
  // The text may have changed since the lens was made; a new one is on its way then.
  const title = subject
    ? lensTitle(hopPath({ world: snapshot.world, settings: core, hypothesis: undefined }, subject.request))
    : 'Hop path';
  return { ...lens, command: { title, command: SHOW_HOP_PATH, arguments: [uri, position] } };
}

function lensTitle({ nodes, policies, outcome }: ReturnType<typeof hopPath>): string {
  const concerned = policies.filter(({ verdict }) => verdict !== 'not-applicable');
  const parts = [counted(nodes.length, 'hop', 'hops'), counted(concerned.length, 'policy', 'policies')];
  const known = outcome.result === 'unknown' ? ['not known'] : [];
  return ['Hop path', ...(nodes.length > 0 ? parts : []), ...known].join(' · ');
}

function counted(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`;
}
