import {
  type Arrow,
  type Box,
  type Fork,
  type Layout,
  LINE_HEIGHT,
  layoutOf,
  type TextBlock,
  USUAL_WIDTH,
} from './layout.ts';
import { FONT_SIZE } from './measure.ts';
import type { PathScene, Tone } from './scene.ts';

/** An element of a drawing: the panel builds it node by node, the exports write it as text. */
export interface SvgElement {
  readonly tag: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly (SvgElement | string)[];
}

type Color = 'text' | 'faint' | 'good' | 'bad' | 'back' | 'box';
type Palette = Readonly<Record<Color, string>>;

/** The colors of the editor's theme, and those of a drawing that stands alone. */
const COLORS: Readonly<Record<Color, readonly [variable: string, alone: string]>> = {
  text: ['--vscode-editor-foreground', '#1f2328'],
  faint: ['--vscode-descriptionForeground', '#59636e'],
  good: ['--vscode-charts-green', '#11632e'],
  bad: ['--vscode-errorForeground', '#a1260d'],
  back: ['--vscode-editor-background', '#ffffff'],
  box: ['--vscode-editorWidget-background', '#f6f8fa'],
};
const THEMED = paletteOf(([variable, alone]) => `var(${variable}, ${alone})`);
/** Many programs that show SVG know no variables. */
const ALONE = paletteOf(([, alone]) => alone);

function paletteOf(color: (pair: readonly [string, string]) => string): Palette {
  const { text, faint, good, bad, back, box } = COLORS;
  return {
    text: color(text),
    faint: color(faint),
    good: color(good),
    bad: color(bad),
    back: color(back),
    box: color(box),
  };
}

/** The scene as an SVG document that stands alone. */
export function svgText(scene: PathScene): string {
  return `${written(treeOf(layoutOf(scene, USUAL_WIDTH), scene.title, ALONE, 'sans-serif'))}\n`;
}

/** The scene in the colors of whichever theme it is shown in. */
export function svgTree(scene: PathScene, width: number): SvgElement {
  return treeOf(layoutOf(scene, width), scene.title, THEMED, 'var(--vscode-font-family, sans-serif)');
}

function treeOf(layout: Layout, title: string, palette: Palette, font: string): SvgElement {
  const { width, height, boxes, arrows, forks, notes } = layout;
  return element(
    'svg',
    {
      xmlns: 'http://www.w3.org/2000/svg',
      viewBox: `0 0 ${width} ${height}`,
      width: `${width}`,
      height: `${height}`,
      role: 'img',
      'font-family': font,
      'font-size': `${FONT_SIZE}`,
    },
    [
      element('title', {}, [plain(title)]),
      element('rect', { width: '100%', height: '100%', fill: palette.back }),
      textOf(layout.title, palette),
      ...forks.map((fork) => forkOf(fork, palette)),
      ...arrows.map((arrow) => arrowOf(arrow, palette)),
      ...boxes.map((box) => boxOf(box, palette)),
      ...notes.map((note) => textOf(note, palette)),
    ],
  );
}

function boxOf({ kind, tone, x, y, width, height, block }: Box, palette: Palette): SvgElement {
  return element('g', { class: kind }, [
    element('rect', {
      x: `${x}`,
      y: `${y}`,
      width: `${width}`,
      height: `${height}`,
      rx: kind === 'hop' ? '4' : '10',
      fill: palette.box,
      stroke: palette[tone === 'plain' ? 'text' : tone],
      'stroke-width': tone === 'bad' ? '2' : '1',
    }),
    textOf(block, palette),
  ]);
}

const DASHES = { 'stroke-dasharray': '4 3' };

function forkOf({ x, from, to, y, taken }: Fork, palette: Palette): SvgElement {
  return element('path', {
    class: 'fork',
    d: `M${x} ${from}V${y}H${to}`,
    stroke: palette[taken ? 'good' : 'faint'],
    'stroke-width': '1',
    fill: 'none',
    ...(taken ? {} : DASHES),
  });
}

function arrowOf({ x, from, to, locked, faint, block }: Arrow, palette: Palette): SvgElement {
  const stroke = palette[faint ? 'faint' : locked ? 'good' : 'text'];
  const line = { d: `M${x} ${from}V${to - 6}`, stroke, 'stroke-width': '2', fill: 'none', ...(locked ? {} : DASHES) };
  const head = `M${x - 5} ${to - 8}L${x} ${to}L${x + 5} ${to - 8}Z`;
  return element('g', { class: 'leg' }, [
    element('path', line),
    element('path', { d: head, fill: stroke }),
    ...(locked ? [lock(x, from + 13, palette)] : []),
    ...(block ? [textOf(block, palette)] : []),
  ]);
}

function lock(x: number, y: number, { good, back }: Palette): SvgElement {
  return element('g', { class: 'lock' }, [
    element('rect', { x: `${x - 6}`, y: `${y - 1}`, width: '12', height: '9', rx: '1', fill: good }),
    element('path', { d: `M${x - 4} ${y}v-3a4 4 0 0 1 8 0v3`, fill: back, stroke: good, 'stroke-width': '2' }),
  ]);
}

function textOf({ x, y, lines }: TextBlock, palette: Palette): SvgElement {
  const spans = lines.map(({ text, tone, indent }, index) =>
    element(
      'tspan',
      {
        x: `${x + indent}`,
        y: `${y + index * LINE_HEIGHT}`,
        fill: palette[tone === 'faint' ? 'faint' : 'text'],
        ...(tone === 'strong' ? { 'font-weight': '600' } : {}),
      },
      [plain(text)],
    ),
  );
  const marks = lines.flatMap(({ mark }, index) => (mark ? [markOf(mark, x, y + index * LINE_HEIGHT, palette)] : []));
  return element('g', {}, [element('text', {}, spans), ...marks]);
}

/** A tick, a cross or a dash before a verdict: colors alone tell nothing to many. */
function markOf(mark: Tone, x: number, y: number, palette: Palette): SvgElement {
  const shapes = {
    good: `M${x} ${y - 4}l4 4l7 -9`,
    bad: `M${x + 1} ${y - 9}l9 9m0 -9l-9 9`,
    faint: `M${x} ${y - 4}h11`,
  };
  return element('path', { class: mark, d: shapes[mark], stroke: palette[mark], 'stroke-width': '2', fill: 'none' });
}

function element(
  tag: string,
  attributes: Readonly<Record<string, string>>,
  children: SvgElement['children'] = [],
): SvgElement {
  return { tag, attributes, children };
}

function written({ tag, attributes, children }: SvgElement): string {
  const pairs = Object.entries(attributes).map(([name, value]) => ` ${name}="${escaped(value)}"`);
  const content = children.map((child) => (typeof child === 'string' ? escaped(child) : written(child)));
  return `<${tag}${pairs.join('')}>${content.join('')}</${tag}>`;
}

/** XML has no way to write most control characters, nor half of a surrogate pair. */
function plain(text: string): string {
  return text.replace(/[\p{Cc}\p{Cs}\uFFFE\uFFFF]/gu, ' ');
}

function escaped(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;');
}
