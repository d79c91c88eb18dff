/** Writes snippets out as an editor does: placeholders with their texts, choices with one of theirs, mirrors alike. */

const STOP = /\$\{(\d+)\|((?:\\.|[^|\\])*)\|\}|\$\{(\d+):((?:\\.|[^}\\])*)\}|\$\{?(\d+)\}?/g;

export interface Stop {
  readonly number: number;
  /** One text for a placeholder, several for a choice, none for a bare stop. */
  readonly texts: readonly string[];
}

/** The stops of a snippet in the order of their numbers; each number is defined once. */
export function stopsOf(snippet: string): Stop[] {
  const stops = new Map<number, string[]>();
  for (const [, choice, choices = '', placeholder, text = '', bare] of snippet.matchAll(STOP)) {
    const number = Number(choice ?? placeholder ?? bare);
    const texts = choice !== undefined ? splitChoices(choices) : placeholder !== undefined ? [plain(text)] : [];
    const known = stops.get(number);
    if (known && known.length > 0 && texts.length > 0) throw new Error(`stop ${number} is defined twice`);
    if (!known || texts.length > 0) stops.set(number, texts);
  }
  return [...stops].map(([number, texts]) => ({ number, texts })).sort((a, b) => a.number - b.number);
}

/** Every text that a snippet can become without anything being typed. */
export function expansions(snippet: string): string[] {
  let chosen: ReadonlyMap<number, string>[] = [new Map()];
  for (const { number, texts } of stopsOf(snippet)) {
    const options = texts.length === 0 ? [''] : texts;
    chosen = chosen.flatMap((values) => options.map((text) => new Map(values).set(number, text)));
  }
  return chosen.map((values) => expand(snippet, values));
}

/** The text with what stands at each stop; the first choice where `values` says nothing. */
export function expand(snippet: string, values: ReadonlyMap<number, string> = new Map()): string {
  const first = new Map(stopsOf(snippet).map(({ number, texts }) => [number, texts[0] ?? '']));
  return snippet.replace(STOP, (_, choice, __, placeholder, ___, bare) => {
    const number = Number(choice ?? placeholder ?? bare);
    return values.get(number) ?? first.get(number) ?? '';
  });
}

function splitChoices(choices: string): string[] {
  return [...choices.matchAll(/(?:\\.|[^,\\])+/g)].map(([text]) => plain(text));
}

function plain(text: string): string {
  return text.replace(/\\(.)/g, '$1');
}
