// The page of the hop path panel: it shows what the extension sends and says what was pressed. DOM only; every text of a
// workspace becomes a text node, so that no name can become markup.

import type { ComparisonTable } from '../../server/src/protocol/drawing.ts';
import type { HopPathAnswer } from '../../server/src/protocol/panel.ts';
import { EXPORT_FORMATS, type FromPage, type PageState, toPageSchema } from '../../server/src/protocol/webview.ts';
import { choicesForm } from './choices.ts';
import { comparisonTable } from './comparison.ts';
import { button, element, picture, replaceContent } from './elements.ts';
import { pathList } from './list.ts';

declare function acquireVsCodeApi(): { postMessage(message: FromPage): void; setState(state: PageState): void };

const editor = acquireVsCodeApi();
const say = (message: FromPage) => editor.postMessage(message);

const heading = element('h1', {}, ['Hop path']);
const outcome = element('p', { id: 'outcome', role: 'status' });
const pin = button('pin', 'Pin', () => say({ type: 'pin', pinned: pin.getAttribute('aria-pressed') !== 'true' }));
const compare = button('compare', 'Compare meshes', () =>
  say({ type: 'compare', on: compare.getAttribute('aria-pressed') !== 'true' }),
);
const compared = element('div', { id: 'comparison' });
const drawing = element('div', { id: 'drawing' });
const list = element('div', { id: 'list' });
const choices = choicesForm((request) => say({ type: 'ask', request }));
const EXPORTS = { svg: 'SVG', mermaid: 'Mermaid', text: 'Text', json: 'JSON' } as const;
const path = element('div', {}, [
  element('details', { open: '' }, [element('summary', {}, ['Request']), choices.form]),
  compared,
  drawing,
  element('details', { open: '' }, [element('summary', {}, ['As a list']), list]),
  element('div', { class: 'exports' }, [
    'Open as ',
    ...EXPORT_FORMATS.map((format) =>
      button(`export-${format}`, EXPORTS[format], () => say({ type: 'export', format })),
    ),
  ]),
]);
pin.title = 'Stay with this path, whatever the cursor does';

function showPath(answer: HopPathAnswer, pinned: boolean, comparison: ComparisonTable | undefined): void {
  const { scene } = answer.drawing;
  heading.textContent = answer.subject === undefined ? scene.title : `Hop path: ${answer.subject}`;
  pin.hidden = compare.hidden = path.hidden = false;
  pin.setAttribute('aria-pressed', String(pinned));
  outcome.className = scene.outcome.result;
  outcome.textContent = [scene.outcome.text, ...(scene.note === undefined ? [] : [scene.note])].join('. ');
  choices.show(answer);
  compare.setAttribute('aria-pressed', String(comparison !== undefined));
  replaceContent(compared, comparison ? [comparisonTable(comparison)] : []);
  replaceContent(drawing, [picture(answer.drawing.picture)]);
  replaceContent(
    list,
    pathList(answer, (place) => say({ type: 'reveal', place })),
  );
}

function showNothing(text: string): void {
  heading.textContent = 'Hop path';
  pin.hidden = compare.hidden = path.hidden = true;
  outcome.className = '';
  outcome.textContent = text;
}

window.addEventListener('message', (event: MessageEvent<unknown>) => {
  const message = toPageSchema.safeParse(event.data);
  if (!message.success) return;
  switch (message.data.type) {
    case 'path': {
      const { question, pinned, answer, comparison } = message.data;
      editor.setState({ question, pinned });
      showPath(answer, pinned, comparison);
      break;
    }
    case 'nothing':
      showNothing(message.data.text);
      break;
    default:
      message.data satisfies never;
  }
});

document
  .getElementById('page')
  ?.append(element('header', {}, [heading, element('div', {}, [pin, ' ', compare])]), outcome, path);
pin.hidden = compare.hidden = path.hidden = true;
say({ type: 'ready' });
