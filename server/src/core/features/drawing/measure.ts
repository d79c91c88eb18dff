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
const LATIN = 65;
/** Signs of other writings and pictures may be as wide as they are high. */
const OTHER = 120;
const LAST_LATIN = 0x24f;
/** How much wider bold writing is. */
const BOLD = 1.14;

/** By code, for the characters that names are made of. */
const LATIN_WIDTHS: readonly number[] = Array.from({ length: LAST_LATIN + 1 }, (_, code) => {
  const known = WIDTHS.find(([characters]) => characters.includes(String.fromCharCode(code)));
  return known?.[1] ?? LATIN;
});

/** The room that a text surely fits into. Nothing here can measure writing, so that the same path is drawn the same. */
function widthOf(text: string, bold: boolean): number {
  let hundredths = 0;
  for (let at = 0; at < text.length; at++) hundredths += LATIN_WIDTHS[text.charCodeAt(at)] ?? OTHER;
  return (hundredths * FONT_SIZE * (bold ? BOLD : 1)) / 100;
}

/** Breaks at blanks; a word that is too long alone is broken after its separators, or anywhere where it has none. */
export function wrapped(text: string, room: number, bold: boolean): string[] {
  const blank = widthOf(' ', bold);
  const lines: string[] = [];
  let line = '';
  let used = 0;
  const add = (part: string, width: number, glue: string) => {
    const gap = glue === '' ? 0 : blank;
    if (line !== '' && used + gap + width > room) {
      lines.push(line);
      line = '';
    }
    used = line === '' ? width : used + gap + width;
    line = line === '' ? part : line + glue + part;
  };
  for (const word of text.split(/\s+/)) {
    const width = widthOf(word, bold);
    if (width <= room) add(word, width, ' ');
    else
      piecesOf(word, room, bold).forEach(
        (piece, index) => void add(piece, widthOf(piece, bold), index === 0 ? ' ' : ''),
      );
  }
  return [...lines, line];
}

/** Parts of a long name, each of which fits into a line. */
function piecesOf(word: string, room: number, bold: boolean): string[] {
  return (word.match(/[^/.,:-]*[/.,:-]+|[^/.,:-]+/g) ?? [word]).flatMap((piece) => {
    if (widthOf(piece, bold) <= room) return [piece];
    const parts: string[] = [];
    let part = '';
    let used = 0;
    for (const character of piece) {
      const width = widthOf(character, bold);
      if (part !== '' && used + width > room) {
        parts.push(part);
        part = '';
        used = 0;
      }
      part += character;
      used += width;
    }
    return [...parts, part];
  });
}
