/** The little language in values of headers: `%COMMAND%`, `%COMMAND(argument)%`, `%COMMAND(["a", "b"])%`, and `%%` for a percent sign. */

/** Line breaks and the like; a tab is allowed. */
function hasControlCharacter(value: string): boolean {
  for (let at = 0; at < value.length; at++) {
    const code = value.charCodeAt(at);
    if ((code < 0x20 && code !== 0x09) || code === 0x7f) return true;
  }
  return false;
}

/** Why Envoy would not take a value, as the end of a sentence; undefined when it does. Names of commands are not judged. */
export function headerValueProblem(value: string): string | undefined {
  if (hasControlCharacter(value)) return 'it has control characters, such as a line break';
  for (let at = value.indexOf('%'); at !== -1; at = value.indexOf('%', at)) {
    if (value[at + 1] === '%') {
      at += 2;
      continue;
    }
    const end = endOfCommand(value, at + 1);
    if (typeof end === 'string') return end;
    at = end;
  }
  return undefined;
}

/** The offset after the closing `%` of the command that begins at `from`, or why there is none. */
function endOfCommand(value: string, from: number): number | string {
  const name = /[%(]/g;
  name.lastIndex = from;
  const stop = name.exec(value);
  if (!stop) return 'its `%` begins a command that is not closed; a literal percent sign is written `%%`';
  if (stop[0] === '%') return stop.index + 1;
  const close = endOfArguments(value, stop.index + 1);
  if (typeof close === 'string') return close;
  const rest = skipBlanks(value, close);
  return value[rest] === '%' ? rest + 1 : 'after the `)` of a command comes `%`';
}

/** The offset after the `)` that closes arguments. A backslash escapes the next character. */
function endOfArguments(value: string, from: number): number | string {
  const start = skipBlanks(value, from);
  if (value[start] === '[') return endOfArray(value, start + 1);
  for (let at = start + 1; at < value.length; at++) {
    if (value[at] === '\\') at++;
    else if (value[at] === ')') return at + 1;
  }
  return 'the arguments of a command are not closed with `)`';
}

/** The offset after `])` of a list of quoted strings. */
function endOfArray(value: string, from: number): number | string {
  for (let at = skipBlanks(value, from); value[at] === '"'; ) {
    at = skipBlanks(value, endOfString(value, at + 1));
    if (value[at] === ',') {
      at = skipBlanks(value, at + 1);
      continue;
    }
    const close = value[at] === ']' ? skipBlanks(value, at + 1) : -1;
    return value[close] === ')' ? close + 1 : 'a list of arguments is not closed with `])`';
  }
  return 'a list of arguments holds texts in double quotes';
}

function endOfString(value: string, from: number): number {
  for (let at = from; at < value.length; at++) {
    if (value[at] === '\\') at++;
    else if (value[at] === '"') return at + 1;
  }
  return value.length;
}

function skipBlanks(value: string, from: number): number {
  let at = from;
  while (value[at] === ' ') at++;
  return at;
}
