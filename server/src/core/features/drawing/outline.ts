import type { PathScene, SceneHop, SceneLeg } from './scene.ts';

/** The scene as a numbered list, for terminals and for whoever reads instead of looking. Ends with a line break. */
export function textOutline(scene: PathScene): string {
  const lines = [scene.title, ''];
  scene.hops.forEach((hop, index) => {
    lines.push(...hopLines(hop));
    const leg = scene.legs[index];
    if (leg) lines.push(...legLines(leg));
  });
  if (scene.hops.length > 0) lines.push('');
  lines.push(scene.outcome.text);
  if (scene.note !== undefined) lines.push(scene.note);
  lines.push(
    ...section(
      'Not evaluated on this path:',
      scene.elsewhere.map(({ text }) => text),
    ),
  );
  lines.push(...section('This rests on:', scene.assumptions));
  return `${lines.map(oneLine).join('\n')}\n`;
}

function hopLines({ number, title, facts, policies, branches }: SceneHop): string[] {
  return [
    `${number}. ${title}`,
    ...[...facts, ...policies.map(({ text }) => text), ...branches.map(({ text }) => text)].map(
      (text) => `   - ${text}`,
    ),
  ];
}

function legLines({ title, facts }: SceneLeg): string[] {
  return [`   | ${title}`, ...facts.map((fact) => `   |   ${fact}`)];
}

function section(heading: string, texts: readonly string[]): string[] {
  return texts.length === 0 ? [] : ['', heading, ...texts.map((text) => `- ${text}`)];
}

/** Names come from files: control characters in them must neither break lines nor drive a terminal. */
function oneLine(text: string): string {
  return text.replace(/\p{Cc}/gu, ' ');
}
