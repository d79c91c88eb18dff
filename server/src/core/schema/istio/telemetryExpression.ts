/**
 * Reads the syntax of CEL, as far as needed to say that an expression is one. Nothing is evaluated, and names are not
 * resolved: what an attribute holds is known only to Envoy.
 */

interface Token {
  readonly type: 'name' | 'number' | 'string' | 'symbol' | 'end' | 'bad';
  readonly text: string;
}

const TOKEN =
  /\s+|\/\/[^\n]*|([_a-zA-Z][_a-zA-Z0-9]*(?=["'])|)("""[\s\S]*?"""|'''[\s\S]*?'''|"(?:\\[\s\S]|[^"\\\n])*"|'(?:\\[\s\S]|[^'\\\n])*')|(0[xX][0-9a-fA-F]+[uU]?|(?:\d+\.\d+|\.\d+|\d+)(?:[eE][-+]?\d+)?[uU]?)|([_a-zA-Z][_a-zA-Z0-9]*)|(&&|\|\||==|!=|<=|>=|[-+*/%<>!?:.,()[\]{}])|([\s\S])/y;

const RELATIONS = new Set(['==', '!=', '<', '<=', '>', '>=']);
const RESERVED = new Set([
  'as',
  'break',
  'const',
  'continue',
  'else',
  'for',
  'function',
  'if',
  'import',
  'let',
  'loop',
  'package',
  'namespace',
  'return',
  'var',
  'void',
  'while',
]);
const STRING_PREFIX = /^(?:[rR][bB]?|[bB][rR]?)?$/;
/** More nesting than any filter; keeps the reader off the end of the stack. */
const MAX_DEPTH = 100;

/** Why a text is not a CEL expression, as the end of a sentence; undefined when it is one. */
export function celProblem(expression: string): string | undefined {
  const tokens = tokensOf(expression);
  const bad = tokens.find((token) => token.type === 'bad');
  if (bad) return badToken(bad.text);
  const reader: Reader = { tokens, at: 0, depth: 0, problem: undefined };
  conditional(reader);
  if (reader.problem === undefined && peek(reader).type !== 'end')
    fail(reader, `\`${peek(reader).text}\` does not belong here`);
  return reader.problem;
}

function tokensOf(expression: string): Token[] {
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  for (let match = TOKEN.exec(expression); match; match = TOKEN.exec(expression)) {
    const [whole, prefix, string, number, name, symbol, bad] = match;
    if (string !== undefined) tokens.push({ type: STRING_PREFIX.test(prefix ?? '') ? 'string' : 'bad', text: whole });
    else if (number !== undefined) tokens.push({ type: 'number', text: number });
    else if (name !== undefined) tokens.push({ type: 'name', text: name });
    else if (symbol !== undefined) tokens.push({ type: 'symbol', text: symbol });
    else if (bad !== undefined) tokens.push({ type: 'bad', text: bad });
    if (TOKEN.lastIndex >= expression.length) break;
  }
  tokens.push({ type: 'end', text: '' });
  return tokens;
}

function badToken(text: string): string {
  if (text === '=') return 'comparison is `==`, a single `=` means nothing';
  if (text === '&') return 'conditions are joined by `&&`';
  if (text === '|') return 'alternatives are joined by `||`';
  if (text === '"' || text === "'") return 'a text is not closed';
  return `\`${text}\` is not part of the language`;
}

interface Reader {
  readonly tokens: readonly Token[];
  at: number;
  depth: number;
  problem: string | undefined;
}

function peek(reader: Reader): Token {
  return reader.tokens[reader.at] ?? { type: 'end', text: '' };
}

function take(reader: Reader, symbol: string): boolean {
  const token = peek(reader);
  if (token.text !== symbol || token.type === 'string') return false;
  reader.at += 1;
  return true;
}

function expect(reader: Reader, symbol: string, opened?: string): void {
  if (reader.problem === undefined && !take(reader, symbol))
    fail(reader, opened ? `\`${opened}\` is not closed by \`${symbol}\`` : `\`${symbol}\` is missing`);
}

function fail(reader: Reader, problem: string): void {
  reader.problem ??= problem;
}

function conditional(reader: Reader): void {
  if (++reader.depth > MAX_DEPTH) fail(reader, 'it is nested too deeply');
  if (reader.problem !== undefined) return;
  operands(reader);
  if (reader.problem === undefined && take(reader, '?')) {
    operands(reader);
    expect(reader, ':');
    if (reader.problem === undefined) conditional(reader);
  }
  reader.depth -= 1;
}

const OPERATORS = new Set(['&&', '||', ...RELATIONS, '+', '-', '*', '/', '%', 'in']);

/** Operands with operators between them; how tightly operators bind does not matter to whether the text is right. */
function operands(reader: Reader): void {
  unary(reader);
  while (reader.problem === undefined) {
    const token = peek(reader);
    if (token.type === 'string' || !OPERATORS.has(token.text)) {
      if (token.type === 'name' && /^(?:and|or|AND|OR)$/.test(token.text))
        fail(reader, `write ${/and/i.test(token.text) ? '`&&`' : '`||`'} instead of \`${token.text}\``);
      return;
    }
    reader.at += 1;
    unary(reader);
  }
}

function unary(reader: Reader): void {
  while (take(reader, '!') || take(reader, '-'));
  primary(reader);
  while (reader.problem === undefined) {
    if (take(reader, '.')) member(reader);
    else if (take(reader, '[')) {
      conditional(reader);
      expect(reader, ']', '[');
    } else if (take(reader, '(')) list(reader, ')', '(');
    else if (take(reader, '{')) entries(reader);
    else return;
  }
}

function member(reader: Reader): void {
  const token = peek(reader);
  if (token.type === 'name') reader.at += 1;
  else fail(reader, 'a name is missing after a dot');
}

function primary(reader: Reader): void {
  if (reader.problem !== undefined) return;
  take(reader, '.');
  const token = peek(reader);
  if (token.type === 'number' || token.type === 'string') reader.at += 1;
  else if (token.type === 'name') {
    if (token.text === 'in' || RESERVED.has(token.text)) fail(reader, `\`${token.text}\` is a reserved word`);
    else reader.at += 1;
  } else if (take(reader, '(')) {
    conditional(reader);
    expect(reader, ')', '(');
  } else if (take(reader, '[')) list(reader, ']', '[');
  else if (take(reader, '{')) entries(reader);
  else
    fail(
      reader,
      token.type === 'end'
        ? reader.at === 0
          ? 'it is empty'
          : 'it ends where a value is expected'
        : `\`${token.text}\` stands where a value is expected`,
    );
}

/** Values up to a closing symbol; the opening one is already read. */
function list(reader: Reader, close: string, open: string): void {
  if (take(reader, close)) return;
  do {
    if (close === ']' && peek(reader).text === close) break;
    conditional(reader);
  } while (reader.problem === undefined && take(reader, ','));
  expect(reader, close, open);
}

function entries(reader: Reader): void {
  if (take(reader, '}')) return;
  do {
    if (peek(reader).text === '}') break;
    conditional(reader);
    expect(reader, ':');
    conditional(reader);
  } while (reader.problem === undefined && take(reader, ','));
  expect(reader, '}', '{');
}
