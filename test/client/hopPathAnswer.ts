import type { HopPathAnswer } from '../../server/src/protocol/panel.ts';

export const request = { from: 'shop/web', to: { service: 'shop/cart', port: 80 } };
/** The one place that the answer names. */
export const place = {
  file: 'file:///work/cart.yaml',
  range: { start: { line: 3, character: 2 }, end: { line: 3, character: 9 } },
};

/** An answer with no more in it than it takes to be one. */
export function answerTo(title: string): HopPathAnswer {
  const outcome = { result: 'unknown', text: 'Not known' } as const;
  return {
    case: {
      request,
      nodes: [{ id: 'app:shop/web', kind: 'app', because: [place] }],
      legs: [],
      points: [],
      policies: [],
      routes: [],
      outcome: { result: 'unknown' },
      assume: [],
    },
    drawing: {
      scene: { title, hops: [], legs: [], elsewhere: [], outcome, assumptions: [] },
      pictures: [],
      svg: '<svg/>',
      mermaid: 'flowchart TD\n',
      text: `${title}\n`,
    },
    choices: { sources: [], targets: [] },
  };
}
