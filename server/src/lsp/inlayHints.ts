import type { Connection, InlayHint, InlayHintParams } from 'vscode-languageserver';
import { type EnforcementHint, enforcementHints } from '../core/features/enforcement/hints.ts';
import type { FeatureContext } from './featureContext.ts';
import { type Guard, requireRange } from './guard.ts';
import { placesOf } from './places.ts';

export interface InlayHints {
  /** A document changed: what the hints of others say may be no longer so. The client asks anew for its own hints. */
  changed(uri: string): void;
  /** Files or settings changed that no edit touches. */
  allChanged(): void;
}

/** Where each policy is enforced, after its name, for those who switch it on. */
export function answerInlayHints(connection: Connection, guard: Guard, context: FeatureContext): InlayHints {
  const { client, documents, settings } = context;
  /** The documents whose hints the client shows, as far as is known. */
  const shown = new Set<string>();
  connection.languages.inlayHint.on(
    guard.request('textDocument/inlayHint', (params: InlayHintParams) => {
      requireRange(params);
      const { uri } = params.textDocument;
      const document = documents.get(uri);
      if (!document || !settings.current.inlayHints.enforcement) return null;
      shown.add(uri);
      const within = { start: document.offsetAt(params.range.start), end: document.offsetAt(params.range.end) };
      const hints = enforcementHints(documents.snapshot(), documents.file(document), within, settings.core(document));
      return hints.map(
        (hint): InlayHint => ({
          position: document.positionAt(hint.offset),
          label: [{ value: hint.label, ...locationOf(context, hint) }],
          tooltip: { kind: 'markdown', value: hint.tooltip },
          paddingLeft: true,
        }),
      );
    }),
  );
  const refresh = () => {
    shown.clear();
    if (client.refreshesInlayHints)
      void guard.run('inlayHint', () => connection.sendRequest('workspace/inlayHint/refresh'));
  };
  let wasOn = false;
  return {
    changed: (uri) => {
      if ([...shown].some((other) => other !== uri)) refresh();
    },
    allChanged: () => {
      // Hints that were switched off have to go too.
      const isOn = settings.current.inlayHints.enforcement;
      if (isOn || wasOn) refresh();
      wasOn = isOn;
    },
  };
}

function locationOf({ documents }: FeatureContext, { place }: EnforcementHint) {
  const [location] = place ? placesOf(documents).location(place) : [];
  return location ? { location } : {};
}
