import type { HopPathAnswer } from '../../server/src/protocol/panel.ts';
import type { PathPlace } from '../../server/src/protocol/path.ts';
import { button, element } from './elements.ts';

type Scene = HopPathAnswer['drawing']['scene'];
type Policy = Scene['elsewhere'][number];
type Reveal = (place: PathPlace) => void;

/** The path as an ordered list: all that the picture says, and links to the lines that it comes from. */
export function pathList({ drawing, case: path }: HopPathAnswer, reveal: Reveal): HTMLElement[] {
  const { scene } = drawing;
  const policy = (found: Policy) => policyItem(found, path.policies[found.index]?.place, reveal);
  const hops = scene.hops.map((hop, index) => {
    const leg = scene.legs[index];
    const facts = [...hop.facts, ...hop.branches.map(({ text }) => text)].map((text) => element('li', {}, [text]));
    const places = placeLinks(`hop-${index}`, path.nodes[index]?.because ?? [], reveal);
    return element('li', { class: `hop ${hop.state}` }, [
      element('strong', {}, [hop.title]),
      ...places,
      ...listOf([...facts, ...hop.policies.map(policy)]),
      ...(leg ? [legPart(leg, placeLinks(`leg-${index}`, path.legs[index]?.because ?? [], reveal))] : []),
    ]);
  });
  return [
    ...(hops.length > 0 ? [element('ol', { class: 'hops' }, hops)] : []),
    ...section('Not evaluated on this path', scene.elsewhere.map(policy)),
    ...section(
      'This rests on',
      scene.assumptions.map((text) => element('li', {}, [text])),
    ),
  ];
}

function legPart({ title, facts, encrypted }: Scene['legs'][number], places: readonly Node[]): HTMLElement {
  const items = facts.map((fact) => element('li', {}, [fact]));
  return element('div', { class: encrypted ? 'leg encrypted' : 'leg' }, [`then ${title}`, ...places, ...listOf(items)]);
}

const MARKS = { good: '\u2713', bad: '\u2717', faint: '\u2013' } as const;

/** The mark before a verdict is for the eye; the words say the same. */
function policyItem({ index, tone, text }: Policy, place: PathPlace | undefined, reveal: Reveal): HTMLElement {
  const mark = element('span', { class: `mark ${tone}`, 'aria-hidden': 'true' }, [MARKS[tone]]);
  const link = place ? [' ', placeLink(`policy-${index}`, place, reveal)] : [];
  return element('li', { class: 'policy' }, [mark, text, ...link]);
}

/** The lines that a fact comes from, each once. */
function placeLinks(id: string, places: readonly PathPlace[], reveal: Reveal): Node[] {
  const lines = new Map(places.map((place) => [placeName(place), place]));
  return [...lines.values()].flatMap((place, index) => [
    document.createTextNode(' '),
    placeLink(`${id}-${index}`, place, reveal),
  ]);
}

function placeLink(id: string, place: PathPlace, reveal: Reveal): HTMLElement {
  const made = button(id, placeName(place), () => reveal(place));
  made.className = 'link';
  made.title = 'Show the line';
  return made;
}

function placeName({ file, range }: PathPlace): string {
  const name = file.slice(file.lastIndexOf('/') + 1);
  return `${decoded(name)}:${range.start.line + 1}`;
}

function decoded(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}

function section(title: string, items: readonly HTMLElement[]): HTMLElement[] {
  return items.length === 0 ? [] : [element('h3', {}, [title]), element('ul', {}, items)];
}

function listOf(items: readonly HTMLElement[]): HTMLElement[] {
  return items.length === 0 ? [] : [element('ul', {}, items)];
}
