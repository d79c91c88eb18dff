import { plainType } from './scalar.ts';
import {
  type MapNode,
  mapNode,
  type ScalarNode,
  type ScalarStyle,
  type SeqNode,
  scalarNode,
  seqNode,
  type YamlNode,
} from './tree.ts';

/**
 * Reads the YAML that nearly all manifests consist of (block maps and lists, scalars on one line, lists of words in
 * brackets) about ten times as fast as the library. Whatever is not plainly that (anchors, tags, block scalars, empty
 * values, templates, every fault) gives undefined, and the library reads the document. Where this gives a tree, it is
 * the very tree that the library's would be made into: test/yaml/plainBlocks.test.ts compares them.
 */
export function readPlainBlocks(text: string): MapNode | undefined {
  return UNUSUAL.test(text) ? undefined : new BlockReader(text).read();
}

/** Carriage returns, tabs, control characters, other line ends and template actions. */
const UNUSUAL = /[^\n -~\u00a1-\u1fff\u3000-\ud7ff]|\{\{/;
const MAX_OPEN = 100;
/** Longer keys are a fault in YAML, unless marked as such. */
const MAX_KEY = 1000;
const NEWLINE = 0x0a;
const SPACE = 0x20;
const HASH = 0x23;
const DASH = 0x2d;
const COLON = 0x3a;

/** A collection that is still being read, and the column of its keys or dashes. */
interface Open {
  readonly node: (MapNode | SeqNode) & { end: number };
  readonly column: number;
}

class BlockReader {
  readonly #text: string;
  readonly #open: Open[] = [];
  #root: MapNode | undefined;
  /** The key whose value comes next. */
  #key: ScalarNode | undefined;
  /** A dash or a key has been read, and what belongs to it not yet. */
  #waiting = false;
  /** Comments have stood on lines of their own since the last line that says something. */
  #comment = false;
  /** After the last line that said something. */
  #end = 0;
  /** Behind the scalar that was read last. */
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  read(): MapNode | undefined {
    const text = this.#text;
    let start = /^---(?:\n|$)/.test(text) ? 4 : 0;
    while (start < text.length) {
      const newline = text.indexOf('\n', start);
      const end = newline === -1 ? text.length : newline;
      let at = start;
      while (text.charCodeAt(at) === SPACE) at++;
      if (text.charCodeAt(at) === HASH) this.#comment = true;
      else if (at < end) {
        if (!this.#settle(start, at) || !this.#line(start, at, end)) return undefined;
        this.#end = Math.min(end + 1, text.length);
        this.#comment = false;
      }
      start = end + 1;
    }
    // To which collection a comment after the last line belongs is for the library to say.
    if (this.#waiting || this.#comment) return undefined;
    while (this.#open.length > 0) this.#close();
    return this.#root;
  }

  /** Closes what a line does not belong to; false when it does not fit to what is open. */
  #settle(start: number, at: number): boolean {
    const column = at - start;
    const dash = this.#isDash(at);
    const top = this.#open.at(-1);
    if (!top) return this.#root === undefined && !dash;
    if (this.#waiting) return column > top.column || (column === top.column && dash);
    let last: Open | undefined = top;
    while (last && (last.column > column || (last.column === column && last.node.kind === 'seq' && !dash))) {
      if (this.#comment) return false;
      this.#close();
      last = this.#open.at(-1);
    }
    return last?.column === column && (last.node.kind === 'seq') === dash;
  }

  #close(): void {
    const closed = this.#open.pop();
    if (closed) closed.node.end = this.#end;
  }

  #isDash(at: number): boolean {
    return this.#text.charCodeAt(at) === DASH && this.#text.charCodeAt(at + 1) === SPACE;
  }

  #line(start: number, from: number, end: number): boolean {
    let at = from;
    while (this.#isDash(at)) {
      if (!this.#enter('seq', at, at - start)) return false;
      at += 2;
      while (this.#text.charCodeAt(at) === SPACE) at++;
      if (at >= end) return false;
    }
    const keyEnd = this.#keyEnd(at);
    if (keyEnd === 0) return this.#waiting && this.#value(at, end);
    if (!this.#enter('map', at, at - start)) return false;
    this.#key = this.#scalar(at, keyEnd, 'plain');
    at = keyEnd + 1;
    while (this.#text.charCodeAt(at) === SPACE) at++;
    return at >= end || (this.#text.charCodeAt(at) === HASH ? at > keyEnd + 1 : this.#value(at, end));
  }

  /** Goes on with the innermost collection, or opens one for the dash or key that waits for its value. */
  #enter(kind: 'map' | 'seq', start: number, column: number): boolean {
    if (this.#waiting || this.#open.length === 0) {
      const span = { start, end: start };
      const node: Open['node'] = kind === 'map' ? mapNode(false, span) : seqNode(false, span);
      if (this.#open.length > 0) this.#attach(node);
      else if (node.kind === 'map') this.#root = node;
      else return false;
      if (this.#open.push({ node, column }) > MAX_OPEN) return false;
    }
    this.#waiting = true;
    return true;
  }

  #attach(value: YamlNode): void {
    const parent = this.#open.at(-1)?.node;
    if (!parent) return;
    value.parent = parent;
    if (parent.kind === 'seq') parent.items.push(value);
    else if (this.#key) {
      value.key = this.#key;
      parent.entries.push({ key: this.#key, value });
    }
    this.#waiting = false;
  }

  /** Where the colon behind a key stands; 0 when there is no plain key. */
  #keyEnd(start: number): number {
    let at = start;
    while (isWordCode(this.#text.charCodeAt(at))) at++;
    if (
      at === start ||
      at - start > MAX_KEY ||
      this.#text.charCodeAt(start) === DASH ||
      this.#text.charCodeAt(at) !== COLON
    )
      return 0;
    const next = this.#text.charCodeAt(at + 1);
    return next === SPACE || next === NEWLINE || Number.isNaN(next) ? at : 0;
  }

  /** Reads a value on its line, and sees that nothing but a comment follows. */
  #value(start: number, end: number): boolean {
    const char = this.#text[start] ?? '';
    const value =
      char === '"' || char === "'"
        ? this.#quoted(start, end, char)
        : char === '[' || char === '{'
          ? this.#flow(start, end)
          : this.#plain(start, end);
    if (!value) return false;
    this.#attach(value);
    let at = this.#at;
    while (this.#text.charCodeAt(at) === SPACE) at++;
    return at >= end || (at > this.#at && this.#text.charCodeAt(at) === HASH);
  }

  #quoted(start: number, end: number, quote: '"' | "'"): ScalarNode | undefined {
    const close = this.#text.indexOf(quote, start + 1);
    if (close === -1 || close >= end) return undefined;
    const node = this.#scalar(start, close + 1, quote === '"' ? 'double' : 'single');
    return quote === '"' && node.text.includes('\\') ? undefined : node;
  }

  #plain(start: number, end: number): ScalarNode | undefined {
    const line = this.#text.slice(start, end);
    if (!PLAIN_START.test(line)) return undefined;
    const comment = line.indexOf(' #');
    const written = (comment === -1 ? line : line.slice(0, comment)).trimEnd();
    if (written.endsWith(':') || written.includes(': ')) return undefined;
    return this.#scalar(start, start + written.length, 'plain');
  }

  /** `{}`, `[]` and lists of words. */
  #flow(start: number, end: number): YamlNode | undefined {
    const [written] = FLOW.exec(this.#text.slice(start, end)) ?? [];
    if (written === undefined) return undefined;
    this.#at = start + written.length;
    const span = { start, end: this.#at };
    if (written === '{}') return mapNode(true, span);
    const list = seqNode(true, span);
    for (const { index, 0: word } of written.matchAll(WORD)) {
      const item = this.#scalar(start + index, start + index + word.length, 'plain');
      item.parent = list;
      list.items.push(item);
    }
    this.#at = span.end;
    return list;
  }

  #scalar(start: number, end: number, style: ScalarStyle): ScalarNode {
    this.#at = end;
    const text = style === 'plain' ? this.#text.slice(start, end) : this.#text.slice(start + 1, end - 1);
    const type = style === 'plain' ? plainType(text) : 'string';
    return scalarNode(text, { type, style, templated: false }, { start, end });
  }
}

const PLAIN_START = /^(?:[A-Za-z0-9_/.^$(~;<=+\\]|-[A-Za-z0-9])/;
const FLOW = /^(?:\{\}|\[(?:[A-Za-z0-9_/.][\w/.-]*(?:, ?[A-Za-z0-9_/.][\w/.-]*)*)?\])/;
const WORD = /[\w/.-]+/g;

/** Letters, digits and `_`, `.`, `/`, `-`: what keys, labels' keys included, consist of. */
function isWordCode(code: number): boolean {
  return (
    (code >= 0x61 && code <= 0x7a) || (code >= 0x41 && code <= 0x5a) || (code >= 0x2d && code <= 0x39) || code === 0x5f
  );
}
