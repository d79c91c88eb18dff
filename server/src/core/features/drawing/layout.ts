import type { PathScene, SceneHop } from './scene.ts';

/** Where everything of a scene is drawn: one column of boxes, with the legs between them. */
export interface Layout {
  readonly width: number;
  readonly height: number;
  readonly title: TextBlock;
  readonly boxes: readonly Box[];
  readonly arrows: readonly Arrow[];
  readonly notes: readonly TextBlock[];
}

export interface TextBlock {
  readonly x: number;
  /** Of the first line of writing. */
  readonly y: number;
  readonly lines: readonly Line[];
}

export interface Line {
  readonly text: string;
  readonly tone: 'strong' | 'plain' | 'good' | 'bad' | 'faint';
}

export interface Box {
  readonly kind: 'hop' | 'branch' | 'outcome';
  readonly tone: Line['tone'];
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly block: TextBlock;
}

export interface Arrow {
  readonly x: number;
  readonly from: number;
  readonly to: number;
  readonly locked: boolean;
  /** Nothing travels here: it ties a part to its box. */
  readonly faint: boolean;
  readonly block: TextBlock | undefined;
}

export const LINE_HEIGHT = 18;
const WIDTH = 640;
const MARGIN = 16;
const PADDING = 12;
const INDENT = 40;
/** Characters of the writing at 13 pixels that surely fit into 100 pixels. */
const CHARACTERS = 13.5;

/** Deterministic: widths are counted in characters, because nothing here can measure writing. */
export function layoutOf(scene: PathScene): Layout {
  const title = blockAt(MARGIN, MARGIN + LINE_HEIGHT, linesOf(scene.title, 'strong', WIDTH - 2 * MARGIN));
  const boxes: Box[] = [];
  const arrows: Arrow[] = [];
  let y = bottomOf(title) + PADDING;
  const put = (kind: Box['kind'], tone: Line['tone'], x: number, lines: readonly Line[]) => {
    const height = lines.length * LINE_HEIGHT + 2 * PADDING - 4;
    const block = blockAt(x + PADDING, y + PADDING + 11, lines);
    boxes.push({ kind, tone, x, y, width: WIDTH - MARGIN - x, height, block });
    y += height;
  };
  const connect = (lines: readonly Line[], locked: boolean, faint: boolean) => {
    const height = Math.max(28, lines.length * LINE_HEIGHT + PADDING);
    const block = lines.length > 0 ? blockAt(MARGIN + INDENT, y + LINE_HEIGHT, lines) : undefined;
    arrows.push({ x: MARGIN + 20, from: y, to: y + height, locked, faint, block });
    y += height;
  };
  scene.hops.forEach((hop, index) => {
    put('hop', hop.refused ? 'bad' : 'plain', MARGIN, hopLines(hop));
    for (const branch of hop.branches) {
      y += 6;
      put('branch', branch.taken ? 'good' : 'faint', MARGIN + 2 * INDENT, inBox(branch.text, 'plain', 2 * INDENT));
    }
    const leg = scene.legs[index];
    if (!leg) return;
    const room = WIDTH - 2 * MARGIN - INDENT;
    const facts = leg.facts.flatMap((fact) => linesOf(fact, 'faint', room));
    connect([...linesOf(leg.title, leg.encrypted ? 'good' : 'plain', room), ...facts], leg.encrypted, false);
  });
  if (scene.hops.length > 0) connect([], false, true);
  const { result, text } = scene.outcome;
  const tone = result === 'allow' ? 'good' : result === 'deny' ? 'bad' : 'faint';
  const note = scene.note === undefined ? [] : inBox(scene.note, 'plain', 0);
  put('outcome', tone, MARGIN, [...inBox(text, 'strong', 0), ...note]);
  const notes = notesOf(scene, y + 2 * PADDING);
  const last = notes.at(-1);
  return { width: WIDTH, height: (last ? bottomOf(last) : y) + MARGIN, title, boxes, arrows, notes };
}

function hopLines({ number, title, facts, policies, refused }: SceneHop): Line[] {
  return [
    ...inBox(`${number}. ${title}${refused ? ' (the request ends here)' : ''}`, 'strong', 0),
    ...facts.flatMap((fact) => inBox(fact, 'plain', 0)),
    ...policies.flatMap(({ text, verdict }) => inBox(text, verdict === 'enforced' ? 'good' : 'bad', 0)),
  ];
}

function notesOf(scene: PathScene, start: number): TextBlock[] {
  const room = WIDTH - 2 * MARGIN;
  const groups: [heading: string, texts: readonly string[]][] = [
    ['Not evaluated on this path:', scene.elsewhere.map(({ text }) => text)],
    ['This rests on:', scene.assumptions],
  ];
  let y = start;
  return groups
    .filter(([, texts]) => texts.length > 0)
    .map(([heading, texts]) => {
      const lines = [...linesOf(heading, 'strong', room), ...texts.flatMap((text) => linesOf(text, 'plain', room))];
      const block = blockAt(MARGIN, y, lines);
      y = bottomOf(block) + PADDING;
      return block;
    });
}

function blockAt(x: number, y: number, lines: readonly Line[]): TextBlock {
  return { x, y, lines };
}

function bottomOf({ y, lines }: TextBlock): number {
  return y + lines.length * LINE_HEIGHT;
}

function inBox(text: string, tone: Line['tone'], indent: number): Line[] {
  return linesOf(text, tone, WIDTH - 2 * MARGIN - 2 * PADDING - indent);
}

/** Breaks at blanks, and within a word only where the word alone is too long. */
function linesOf(text: string, tone: Line['tone'], room: number): Line[] {
  const most = Math.floor((room * CHARACTERS) / 100);
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/\s+/)) {
    if (line !== '' && line.length + 1 + word.length > most) {
      lines.push(line);
      line = '';
    }
    line = line === '' ? word : `${line} ${word}`;
    for (; line.length > most; line = line.slice(most)) lines.push(line.slice(0, most));
  }
  return [...lines, line].map((content) => ({ text: content, tone }));
}
