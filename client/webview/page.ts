// The page of the hop path panel: it shows what the extension sends and says what was pressed. DOM only; every text of a
// workspace becomes a text node, so that no name can become markup.

import type { ComparisonTable } from '../../server/src/protocol/drawing.ts';
import type { HopPathAnswer } from '../../server/src/protocol/panel.ts';
import { EXPORT_FORMATS, type FromPage, type PageState, toPageSchema } from '../../server/src/protocol/webview.ts';
import { choicesForm } from './choices.ts';
import { comparisonTable } from './comparison.ts';
import { drawingPart } from './drawing.ts';
import { button, element, replaceContent, setText } from './elements.ts';
import { pathList } from './list.ts';

declare function acquireVsCodeApi(): { postMessage(message: FromPage): void; setState(state: PageState): void };

const editor = acquireVsCodeApi();
const say = (message: FromPage) => editor.postMessage(message);

const heading = element('h1', {}, ['Hop path']);
const outcome = element('p', { id: 'outcome', role: 'status' });
const pin = button('pin', 'Pin', () => say({ type: 'pin', pinned: !isPressed(pin) }));
pin.title = 'Stay with this path, whatever the cursor does';
const compare = button('compare', 'Compare meshes', () => say({ type: 'compare', on: !isPressed(compare) }));
const copy = button('copy-link', 'Copy link', () => say({ type: 'copy-link' }));
copy.title = 'Copy a link that opens this panel with this request';
const compared = element('div', { id: 'comparison' });
const drawing = drawingPart();
const list = element('div', { id: 'list' });
const choices = choicesForm((request) => say({ type: 'ask', request }));
const actions = element('div', { class: 'actions' }, [pin, compare, copy]);
const path = element('div', {}, [
  element('details', { id: 'request' }, [element('summary', {}, ['Request']), choices.form]),
  compared,
  drawing.part,
  element('details', { open: '' }, [element('summary', {}, ['As a list']), list]),
  element('div', { class: 'actions', role: 'group', 'aria-label': 'Keep the path' }, ['Open as ', ...exportButtons()]),
]);

function exportButtons(): Node[] {
  const names = { svg: 'SVG', mermaid: 'Mermaid', text: 'Text', json: 'JSON' } as const;
  const opened = EXPORT_FORMATS.map((format) =>
    button(`export-${format}`, names[format], () => say({ type: 'export', format })),
  );
  const saved = button('save-png', 'Save PNG', () => {
    const png = drawing.png();
    if (png !== undefined) say({ type: 'save-png', png });
  });
  return [...opened, saved];
}

function isPressed(toggle: HTMLButtonElement): boolean {
  return toggle.getAttribute('aria-pressed') === 'true';
}

function showPath(answer: HopPathAnswer, pinned: boolean, comparison: ComparisonTable | undefined): void {
  const { scene, pictures } = answer.drawing;
  setText(heading, answer.subject === undefined ? scene.title : `Hop path: ${answer.subject}`);
  actions.hidden = path.hidden = false;
  pin.setAttribute('aria-pressed', String(pinned));
  outcome.className = scene.outcome.result;
  setText(outcome, [scene.outcome.text, ...(scene.note === undefined ? [] : [scene.note])].join('. '));
  choices.show(answer);
  compare.setAttribute('aria-pressed', String(comparison !== undefined));
  replaceContent(compared, comparison ? [comparisonTable(comparison)] : []);
  drawing.show(pictures);
  replaceContent(
    list,
    pathList(answer, (place) => say({ type: 'reveal', place })),
  );
}

function showNothing(text: string): void {
  setText(heading, 'Hop path');
  actions.hidden = path.hidden = true;
  outcome.className = '';
  setText(outcome, text);
}

window.addEventListener('message', (event: MessageEvent<unknown>) => {
  const message = toPageSchema.safeParse(event.data);
  if (!message.success) {
    console.warn('Meshpath: the hop path panel got a message that it does not know.');
    return;
  }
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

document.getElementById('page')?.append(element('header', {}, [heading, actions]), outcome, path);
actions.hidden = path.hidden = true;
say({ type: 'ready' });
