import { type Arrow, type Box, type Layout, LINE_HEIGHT, type Line, layoutOf, type TextBlock } from './layout.ts';
import type { PathScene } from './scene.ts';

/** An element of a drawing: the panel builds it node by node, the exports write it as text. */
export interface SvgElement {
  readonly tag: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly (SvgElement | string)[];
}

/** The colors of the editor's theme; the second of each pair serves where no editor gives any. */
const COLORS: Readonly<Record<Line['tone'] | 'back' | 'box', string>> = {
  strong: 'var(--vscode-editor-foreground, #1f2328)',
  plain: 'var(--vscode-editor-foreground, #1f2328)',
  good: 'var(--vscode-gitDecoration-addedResourceForeground, #11632e)',
  bad: 'var(--vscode-errorForeground, #a1260d)',
  faint: 'var(--vscode-descriptionForeground, #59636e)',
  back: 'var(--vscode-editor-background, #ffffff)',
  box: 'var(--vscode-editorWidget-background, #f6f8fa)',
};

/** The scene as an SVG document that stands alone. */
export function svgText(scene: PathScene): string {
  return `${written(svgTree(scene))}\n`;
}

export function svgTree(scene: PathScene): SvgElement {
  const layout = layoutOf(scene);
  const { width, height } = layout;
  return element(
    'svg',
    {
      xmlns: 'http://www.w3.org/2000/svg',
      viewBox: `0 0 ${width} ${height}`,
      width: `${width}`,
      height: `${height}`,
      role: 'img',
      'font-family': 'var(--vscode-font-family, sans-serif)',
      'font-size': '13',
    },
    [
      element('title', {}, [plain(scene.title)]),
      element('rect', { width: '100%', height: '100%', fill: COLORS.back }),
      ...bodyOf(layout),
    ],
  );
}

function bodyOf({ title, boxes, arrows, notes }: Layout): SvgElement[] {
  return [textOf(title), ...arrows.map(arrowOf), ...boxes.map(boxOf), ...notes.map(textOf)];
}

function boxOf({ kind, tone, x, y, width, height, block }: Box): SvgElement {
  return element('g', { class: kind }, [
    element('rect', {
      x: `${x}`,
      y: `${y}`,
      width: `${width}`,
      height: `${height}`,
      rx: kind === 'hop' ? '4' : '10',
      fill: COLORS.box,
      stroke: COLORS[tone],
      'stroke-width': tone === 'bad' ? '2' : '1',
    }),
    textOf(block),
  ]);
}

function arrowOf({ x, from, to, locked, faint, block }: Arrow): SvgElement {
  const color = COLORS[faint ? 'faint' : locked ? 'good' : 'plain'];
  const dashes: Record<string, string> = locked ? {} : { 'stroke-dasharray': '4 3' };
  const line = { d: `M${x} ${from}V${to - 6}`, stroke: color, 'stroke-width': '2', fill: 'none', ...dashes };
  const head = `M${x - 5} ${to - 8}L${x} ${to}L${x + 5} ${to - 8}Z`;
  return element('g', { class: 'leg' }, [
    element('path', line),
    element('path', { d: head, fill: color }),
    ...(locked ? [lock(x, from + 13)] : []),
    ...(block ? [textOf(block)] : []),
  ]);
}

function lock(x: number, y: number): SvgElement {
  return element('g', { class: 'lock' }, [
    element('rect', { x: `${x - 6}`, y: `${y - 1}`, width: '12', height: '9', rx: '1', fill: COLORS.good }),
    element('path', {
      d: `M${x - 4} ${y}v-3a4 4 0 0 1 8 0v3`,
      fill: COLORS.back,
      stroke: COLORS.good,
      'stroke-width': '2',
    }),
  ]);
}

function textOf({ x, y, lines }: TextBlock): SvgElement {
  const spans = lines.map(({ text, tone }, index) =>
    element(
      'tspan',
      {
        x: `${x}`,
        y: `${y + index * LINE_HEIGHT}`,
        fill: COLORS[tone],
        ...(tone === 'strong' ? { 'font-weight': '600' } : {}),
      },
      [plain(text)],
    ),
  );
  return element('text', {}, spans);
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
