import type { Drawing } from '../../server/src/protocol/drawing.ts';
import { element, picture } from './elements.ts';
import { pngOf } from './png.ts';

export interface DrawingPart {
  readonly part: HTMLElement;
  show(pictures: Drawing['pictures']): void;
  /** What is shown, as a PNG in base64; undefined while nothing is shown. */
  png(): string | undefined;
}

/** How much smaller the writing may be for a drawing that is a little too wide. */
const SMALLEST = 0.92;

/** The drawn path, at the width that the panel has room for. */
export function drawingPart(): DrawingPart {
  const part = element('div', { id: 'drawing' });
  let pictures: Drawing['pictures'] = [];
  let shown: Drawing['pictures'][number] | undefined;
  const draw = () => {
    const fitting = pictures.filter(({ width }) => width * SMALLEST <= part.clientWidth).at(-1) ?? pictures[0];
    if (fitting === shown) return;
    shown = fitting;
    part.replaceChildren(...(fitting ? [picture(fitting.root)] : []));
  };
  new ResizeObserver(draw).observe(part);
  return {
    part,
    show: (given) => {
      pictures = given;
      draw();
    },
    png: () => {
      const drawn = part.querySelector('svg');
      return drawn ? pngOf(drawn) : undefined;
    },
  };
}
