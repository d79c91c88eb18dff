/** Of each side: more than screens have, so that the picture stays sharp when it is shown larger. */
const SCALE = 2;
/** The longest side that browsers draw. */
const MOST_PIXELS = 16_000;

/**
 * The drawing as a PNG in base64, in the colors that it has on the page. It is painted shape by shape: an image made
 * from the SVG would need a page that may load images.
 */
export function pngOf(drawing: SVGSVGElement): string {
  const { width, height } = drawing.viewBox.baseVal;
  const scale = Math.min(SCALE, MOST_PIXELS / height);
  const canvas = document.createElement('canvas');
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(height * scale);
  const context = canvas.getContext('2d');
  if (!context) throw new Error('This browser draws no pictures.');
  context.scale(scale, scale);
  for (const shape of drawing.querySelectorAll<SVGGraphicsElement>('rect, path, tspan')) paint(context, shape);
  return canvas.toDataURL('image/png').replace(/^[^,]*,/, '');
}

function paint(context: CanvasRenderingContext2D, shape: SVGGraphicsElement): void {
  const style = getComputedStyle(shape);
  context.fillStyle = style.fill;
  context.strokeStyle = style.stroke;
  context.lineWidth = Number.parseFloat(style.strokeWidth);
  context.setLineDash(style.strokeDasharray.split(/[\s,]+/).flatMap((dash) => Number.parseFloat(dash) || []));
  if (shape.tagName === 'tspan') {
    context.font = `${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
    context.fillText(shape.textContent ?? '', numberOf(shape, 'x'), numberOf(shape, 'y'));
    return;
  }
  const outline = outlineOf(shape);
  if (style.fill !== 'none') context.fill(outline);
  if (style.stroke !== 'none') context.stroke(outline);
}

function outlineOf(shape: SVGGraphicsElement): Path2D {
  if (shape.tagName === 'path') return new Path2D(shape.getAttribute('d') ?? '');
  const { x, y, width, height } = shape.getBBox();
  const outline = new Path2D();
  outline.roundRect(x, y, width, height, numberOf(shape, 'rx'));
  return outline;
}

function numberOf(shape: Element, attribute: string): number {
  return Number(shape.getAttribute(attribute) ?? 0);
}
