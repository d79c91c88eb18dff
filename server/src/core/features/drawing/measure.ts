/** Pixels of the writing in the drawing. */
export const FONT_SIZE = 13;

/** Characters by their width in hundredths of the font's size, generously: what fits here fits in every usual font. */
const WIDTHS: readonly (readonly [characters: string, width: number])[] = [
  ["ijl'", 30],
  [' .,', 36],
  ['frt-/:;!|I()[]"`', 46],
  ['cksvxyz', 60],
  ['w', 84],
  ['ABCDEFGHJKLNOPQRSTUVXYZ&+<=>~#', 84],
  ['mMW%@', 102],
];
const KNOWN: ReadonlyMap<string, number> = new Map(
  WIDTHS.flatMap(([characters, width]) => [...characters].map((character) => [character, width] as const)),
);
const LATIN = 65;
/** Signs of other writings and pictures may be as wide as they are high. */
const OTHER = 120;
const LAST_LATIN = 0x24f;
/** How much wider bold writing is. */
const BOLD = 1.14;

/** The room that a text surely fits into. Nothing here can measure writing, so that the same path is drawn the same. */
export function widthOf(text: string, bold: boolean): number {
  let hundredths = 0;
  for (const character of text) hundredths += characterWidth(character);
  return (hundredths * FONT_SIZE * (bold ? BOLD : 1)) / 100;
}

function characterWidth(character: string): number {
  return KNOWN.get(character) ?? ((character.codePointAt(0) ?? 0) <= LAST_LATIN ? LATIN : OTHER);
}

/** Breaks at blanks; a word that is too long alone is broken after its separators, or anywhere where it has none. */
export function wrapped(text: string, room: number, bold: boolean): string[] {
  const fits = (line: string) => widthOf(line, bold) <= room;
  const lines: string[] = [];
  let line = '';
  const add = (part: string, glue: string) => {
    if (line !== '' && !fits(line + glue + part)) {
      lines.push(line);
      line = '';
    }
    line = line === '' ? part : line + glue + part;
  };
  for (const word of text.split(/\s+/)) {
    if (fits(word)) add(word, ' ');
    else piecesOf(word, fits).forEach((piece, index) => void add(piece, index === 0 ? ' ' : ''));
  }
  return [...lines, line];
}

/** Parts of a long name, each of which fits into a line. */
function piecesOf(word: string, fits: (text: string) => boolean): string[] {
  return (word.match(/[^/.,:-]*[/.,:-]+|[^/.,:-]+/g) ?? [word]).flatMap((piece) => {
    if (fits(piece)) return [piece];
    const parts: string[] = [];
    let part = '';
    for (const character of piece) {
      if (part !== '' && !fits(part + character)) {
        parts.push(part);
        part = '';
      }
      part += character;
    }
    return [...parts, part];
  });
}
