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
  const reader: Reader = { tokens, at: 0, depth: 0, problem: undefined, form: 'other' };
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

/** What macros ask of their arguments: a name alone, a field of something, or neither. */
type Form = 'name' | 'field' | 'other';

interface Reader {
  readonly tokens: readonly Token[];
  at: number;
  depth: number;
  problem: string | undefined;
  /** The form of the value that was read last. */
  form: Form;
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
    reader.form = 'other';
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
    reader.form = 'other';
  }
}

function unary(reader: Reader): void {
  const start = reader.at;
  while (take(reader, '!') || take(reader, '-'));
  const isNegated = reader.at > start;
  primary(reader);
  while (reader.problem === undefined) {
    if (take(reader, '.')) member(reader);
    else if (take(reader, '[')) {
      conditional(reader);
      expect(reader, ']', '[');
      reader.form = 'other';
    } else if (take(reader, '(')) call(reader);
    else if (take(reader, '{')) {
      entries(reader);
      reader.form = 'other';
    } else break;
  }
  if (isNegated) reader.form = 'other';
}

/** Macros over lists, by how many arguments make them one; with another number they are plain functions. */
const LOOPS = new Map([
  ['all', [2]],
  ['exists', [2]],
  ['exists_one', [2]],
  ['existsOne', [2]],
  ['filter', [2]],
  ['map', [2, 3]],
]);

/** Arguments, of which macros ask more than functions do; the opening parenthesis is already read. */
function call(reader: Reader): void {
  const name = reader.tokens[reader.at - 2]?.text ?? '';
  const isMember = reader.form === 'field';
  const isPlain = reader.form === 'name';
  const forms = list(reader, ')', '(');
  reader.form = 'other';
  if (isPlain && name === 'has' && forms.length === 1 && forms[0] !== 'field') {
    fail(reader, "`has` asks for a field after a dot; for a header, write `'x-team' in request.headers`");
  } else if (isMember && LOOPS.get(name)?.includes(forms.length) && forms[0] !== 'name') {
    fail(reader, `the first argument of \`${name}\` is a name for the item`);
  }
}

function member(reader: Reader): void {
  const token = peek(reader);
  if (token.type === 'name') reader.at += 1;
  else fail(reader, 'a name is missing after a dot');
  reader.form = 'field';
}

function primary(reader: Reader): void {
  if (reader.problem !== undefined) return;
  take(reader, '.');
  const token = peek(reader);
  reader.form = token.type === 'name' ? 'name' : 'other';
  if (token.type === 'number' || token.type === 'string') reader.at += 1;
  else if (token.type === 'name') {
    if (token.text === 'in' || RESERVED.has(token.text)) fail(reader, `\`${token.text}\` is a reserved word`);
    else reader.at += 1;
  } else if (take(reader, '(')) {
    conditional(reader);
    expect(reader, ')', '(');
  } else if (take(reader, '[')) {
    list(reader, ']', '[');
    reader.form = 'other';
  } else if (take(reader, '{')) {
    entries(reader);
    reader.form = 'other';
  } else
    fail(
      reader,
      token.type === 'end'
        ? reader.at === 0
          ? 'it is empty'
          : 'it ends where a value is expected'
        : `\`${token.text}\` stands where a value is expected`,
    );
}

/** Values up to a closing symbol; the opening one is already read. Answers with their forms. */
function list(reader: Reader, close: string, open: string): Form[] {
  const forms: Form[] = [];
  if (take(reader, close)) return forms;
  do {
    if (close === ']' && peek(reader).text === close) break;
    conditional(reader);
    forms.push(reader.form);
  } while (reader.problem === undefined && take(reader, ','));
  expect(reader, close, open);
  return forms;
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
