import type { PictureElement } from '../../server/src/protocol/drawing.ts';

const SVG = 'http://www.w3.org/2000/svg';

type Child = Node | string;

/** An HTML element. Texts become text nodes, whatever they hold. */
export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Readonly<Record<string, string>> = {},
  children: readonly Child[] = [],
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

export function button(id: string, text: string, pressed: () => void): HTMLButtonElement {
  const made = element('button', { id, type: 'button' }, [text]);
  made.addEventListener('click', pressed);
  return made;
}

/** Leaves an element alone that says so already: what announces changes shall announce nothing else. */
export function setText(target: HTMLElement, text: string): void {
  if (target.textContent !== text) target.textContent = text;
}

/** The picture as the server describes it, node by node. */
export function picture({ tag, attributes, children }: PictureElement): SVGElement {
  const made = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) if (name !== 'xmlns') made.setAttribute(name, value);
  made.append(...children.map((child) => (typeof child === 'string' ? child : picture(child))));
  return made;
}

/** Puts new content into an element; whoever stood on a part of it stands on the part of the same name afterwards. */
export function replaceContent(parent: Element, children: readonly Child[]): void {
  const active = document.activeElement;
  const id = active && parent.contains(active) ? active.id : '';
  parent.replaceChildren(...children);
  if (id !== '') document.getElementById(id)?.focus();
}
