import type { ComparisonTable } from '../../server/src/protocol/drawing.ts';
import { element } from './elements.ts';

/** A table of meshes; what differs from the first one is marked, in words too. */
export function comparisonTable({ columns, rows }: ComparisonTable): HTMLElement {
  const head = [element('td'), ...columns.map((title) => element('th', { scope: 'col' }, [title]))];
  const body = rows.map(({ title, cells }) =>
    element('tr', {}, [
      element('th', { scope: 'row' }, [title]),
      ...cells.map(({ text, differs }) =>
        differs
          ? element('td', { class: 'differs' }, [text, element('span', {}, [' (differs)'])])
          : element('td', {}, [text]),
      ),
    ]),
  );
  // A wide table scrolls by itself, also with the keyboard.
  return element('div', { class: 'wide', tabindex: '0', role: 'region', 'aria-label': 'Comparison of meshes' }, [
    element('table', {}, [element('thead', {}, [element('tr', {}, head)]), element('tbody', {}, body)]),
  ]);
}
