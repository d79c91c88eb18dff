import { wrapped } from './measure.ts';
import type { PathScene, SceneHop, SceneLeg, Tone } from './scene.ts';

/** Where everything of a scene is drawn: one column of boxes, with the legs between them. */
export interface Layout {
  readonly width: number;
  readonly height: number;
  readonly title: TextBlock;
  readonly boxes: readonly Box[];
  readonly arrows: readonly Arrow[];
  readonly forks: readonly Fork[];
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
  readonly tone: 'strong' | 'plain' | 'faint';
  /** The writing begins beside a mark, or below writing that does. */
  readonly indent: number;
  readonly mark: Tone | undefined;
}

export interface Box {
  readonly kind: 'hop' | 'branch' | 'outcome';
  readonly tone: Tone | 'plain';
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

/** From the line of the path to a backend beside it. */
export interface Fork {
  readonly x: number;
  readonly from: number;
  readonly to: number;
  /** The middle of the backend's box. */
  readonly y: number;
  readonly taken: boolean;
}

export const LINE_HEIGHT = 18;
/** For texts to keep, where no panel says how wide it is. */
export const USUAL_WIDTH = 640;
const MARGIN = 16;
const PADDING = 12;
const TRACK = MARGIN + 20;
const INDENT = 40;
const BRANCH_GAP = 6;
const FIRST_LINE = 11;
const MARK_ROOM = 18;

/** Deterministic: the same scene and width give the same places. */
export function layoutOf(scene: PathScene, width: number): Layout {
  const room = width - 2 * MARGIN;
  const title = { x: MARGIN, y: MARGIN + LINE_HEIGHT, lines: linesOf(scene.title, 'strong', room) };
  const boxes: Box[] = [];
  const arrows: Arrow[] = [];
  const forks: Fork[] = [];
  let y = bottomOf(title) + PADDING;
  const put = (kind: Box['kind'], tone: Box['tone'], x: number, linesIn: (room: number) => readonly Line[]) => {
    const lines = linesIn(width - MARGIN - x - 2 * PADDING);
    const height = lines.length * LINE_HEIGHT + 2 * PADDING - 4;
    const block = { x: x + PADDING, y: y + PADDING + FIRST_LINE, lines };
    boxes.push({ kind, tone, x, y, width: width - MARGIN - x, height, block });
    y += height;
  };
  const connect = (lines: readonly Line[], locked: boolean, faint: boolean) => {
    const height = Math.max(28, lines.length * LINE_HEIGHT + PADDING);
    const block = lines.length > 0 ? { x: MARGIN + INDENT, y: y + LINE_HEIGHT, lines } : undefined;
    arrows.push({ x: TRACK, from: y, to: y + height, locked, faint, block });
    y += height;
  };
  const fanOut = ({ branches }: SceneHop) => {
    const from = y;
    for (const { text, taken } of branches) {
      y += BRANCH_GAP;
      const top = y;
      put('branch', taken ? 'good' : 'faint', MARGIN + 2 * INDENT, (inside) => linesOf(text, 'plain', inside));
      forks.push({ x: TRACK, from, to: MARGIN + 2 * INDENT, y: (top + y) / 2, taken });
    }
  };
  scene.hops.forEach((hop, index) => {
    put('hop', HOP_TONES[hop.state], MARGIN, (inside) => hopLines(hop, inside));
    fanOut(hop);
    const leg = scene.legs[index];
    if (leg) connect(legLines(leg, room - INDENT), leg.encrypted, false);
  });
  if (scene.hops.length > 0) connect([], false, true);
  put('outcome', outcomeTone(scene), MARGIN, (inside) => outcomeLines(scene, inside));
  const notes = notesOf(scene, y + 2 * PADDING, room);
  const last = notes.at(-1);
  return { width, height: (last ? bottomOf(last) : y) + MARGIN, title, boxes, arrows, forks, notes };
}

const HOP_TONES = { reached: 'plain', refused: 'bad', unreached: 'faint' } as const;

function hopLines({ number, title, facts, policies }: SceneHop, room: number): Line[] {
  return [
    ...linesOf(`${number}. ${title}`, 'strong', room),
    ...facts.flatMap((fact) => linesOf(fact, 'plain', room)),
    ...policies.flatMap(({ text, tone }) => markedLines(text, tone, room)),
  ];
}

function legLines({ title, facts }: SceneLeg, room: number): Line[] {
  return [...linesOf(title, 'plain', room), ...facts.flatMap((fact) => linesOf(fact, 'faint', room))];
}

function outcomeTone({ outcome: { result } }: PathScene): Tone {
  return result === 'allow' ? 'good' : result === 'deny' ? 'bad' : 'faint';
}

function outcomeLines({ outcome, note }: PathScene, room: number): Line[] {
  return [...linesOf(outcome.text, 'strong', room), ...(note === undefined ? [] : linesOf(note, 'plain', room))];
}

function notesOf(scene: PathScene, start: number, room: number): TextBlock[] {
  const groups: [heading: string, lines: readonly Line[]][] = [
    ['Not evaluated on this path:', scene.elsewhere.flatMap(({ text, tone }) => markedLines(text, tone, room))],
    ['This rests on:', scene.assumptions.flatMap((text) => linesOf(text, 'plain', room))],
  ];
  let y = start;
  return groups
    .filter(([, lines]) => lines.length > 0)
    .map(([heading, lines]) => {
      const block = { x: MARGIN, y, lines: [...linesOf(heading, 'strong', room), ...lines] };
      y = bottomOf(block) + PADDING;
      return block;
    });
}

function bottomOf({ y, lines }: TextBlock): number {
  return y + lines.length * LINE_HEIGHT;
}

function linesOf(text: string, tone: Line['tone'], room: number): Line[] {
  return wrapped(text, room, tone === 'strong').map((line) => ({ text: line, tone, indent: 0, mark: undefined }));
}

function markedLines(text: string, mark: Tone, room: number): Line[] {
  return wrapped(text, room - MARK_ROOM, false).map((line, index) => ({
    text: line,
    tone: 'plain',
    indent: MARK_ROOM,
    mark: index === 0 ? mark : undefined,
  }));
}
