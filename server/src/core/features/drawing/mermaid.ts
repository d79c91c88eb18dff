import type { PathScene, SceneHop } from './scene.ts';

/** The scene as a Mermaid flowchart, for Markdown that draws it. */
export function mermaidText(scene: PathScene): string {
  const lines = ['flowchart TD', `  title["${quoted(scene.title)}"]`];
  for (const hop of scene.hops) lines.push(`  h${hop.number}["${hopLabel(hop)}"]`);
  scene.legs.forEach(({ title, facts, encrypted }, index) => {
    const arrow = encrypted ? '==>' : '-->';
    lines.push(`  h${index + 1} ${arrow}|"${label([title, ...facts])}"| h${index + 2}`);
  });
  for (const { number, branches } of scene.hops) {
    branches.forEach(({ text }, index) => {
      lines.push(`  h${number} -.- h${number}b${index + 1}(["${quoted(text)}"])`);
    });
  }
  const end = [scene.outcome.text, ...(scene.note === undefined ? [] : [scene.note])];
  lines.push(`  outcome{{"${label(end)}"}}`);
  const ending = scene.hops.find(({ state }) => state === 'refused') ?? scene.hops.at(-1);
  lines.push(`  ${ending ? `h${ending.number}` : 'title'} --> outcome`);
  if (scene.elsewhere.length > 0) {
    lines.push(`  elsewhere["${label(['Not evaluated on this path:', ...scene.elsewhere.map(({ text }) => text)])}"]`);
  }
  if (scene.assumptions.length > 0) lines.push(`  assume["${label(['This rests on:', ...scene.assumptions])}"]`);
  return `${lines.join('\n')}\n`;
}

function hopLabel({ number, title, facts, policies }: SceneHop): string {
  return label([`${number}. ${title}`, ...facts, ...policies.map(({ text }) => text)]);
}

function label(texts: readonly string[]): string {
  return texts.map(quoted).join('<br/>');
}

/** Mermaid reads entities written with `#`; whatever has a meaning in its text or in HTML is written so. */
function quoted(text: string): string {
  return text.replace(/[\p{Cc}]/gu, ' ').replace(/["#&<>`\\]/g, (character) => `#${character.codePointAt(0)};`);
}
