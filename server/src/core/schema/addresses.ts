/** IP addresses and networks as text: which texts are one, and which networks hold which. */

export interface Network {
  readonly family: 4 | 6;
  /** The first address of the network, as a number. */
  readonly base: bigint;
  readonly prefix: number;
}

const WIDTH = { 4: 32, 6: 128 } as const;

export function parseNetwork(text: string): Network | undefined {
  const slash = text.indexOf('/');
  const address = parseAddress(slash === -1 ? text : text.slice(0, slash));
  if (!address) return undefined;
  const width = WIDTH[address.family];
  const prefix = slash === -1 ? width : parsePrefix(text.slice(slash + 1), width);
  if (prefix === undefined) return undefined;
  return { family: address.family, base: firstOf(address.value, prefix, width), prefix };
}

/** True when every address of the inner network is in the outer one. */
export function containsNetwork(outer: Network, inner: Network): boolean {
  if (outer.family !== inner.family || outer.prefix > inner.prefix) return false;
  return firstOf(inner.base, outer.prefix, WIDTH[outer.family]) === outer.base;
}

export function parseAddress(text: string): { family: 4 | 6; value: bigint } | undefined {
  const v4 = parseV4(text);
  if (v4 !== undefined) return { family: 4, value: v4 };
  const v6 = parseV6(text);
  return v6 === undefined ? undefined : { family: 6, value: v6 };
}

function parsePrefix(text: string, width: number): number | undefined {
  if (!/^(?:0|[1-9]\d{0,2})$/.test(text)) return undefined;
  const prefix = Number(text);
  return prefix <= width ? prefix : undefined;
}

function firstOf(value: bigint, prefix: number, width: number): bigint {
  const hostBits = BigInt(width - prefix);
  return (value >> hostBits) << hostBits;
}

function parseV4(text: string): bigint | undefined {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text);
  if (!match) return undefined;
  let value = 0n;
  for (const part of match.slice(1)) {
    if (Number(part) > 255 || (part.length > 1 && part.startsWith('0'))) return undefined;
    value = (value << 8n) | BigInt(part);
  }
  return value;
}

function parseV6(text: string): bigint | undefined {
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const head = groupsOf(halves[0] ?? '', halves.length === 1);
  const tail = halves.length === 2 ? groupsOf(halves[1] ?? '', true) : [];
  if (!head || !tail) return undefined;
  const missing = 8 - head.length - tail.length;
  if (halves.length === 2 ? missing < 1 : missing !== 0) return undefined;
  const groups = [...head, ...Array.from({ length: missing }, () => 0n), ...tail];
  return groups.reduce((value, group) => (value << 16n) | group, 0n);
}

/** The 16-bit groups of a part of an IPv6 address; its end may be written as an IPv4 address. */
function groupsOf(text: string, mayEndInV4: boolean): bigint[] | undefined {
  if (text === '') return [];
  const groups: bigint[] = [];
  const parts = text.split(':');
  for (const [at, part] of parts.entries()) {
    const v4 = mayEndInV4 && at === parts.length - 1 ? parseV4(part) : undefined;
    if (v4 !== undefined) groups.push(v4 >> 16n, v4 & 0xffffn);
    else if (/^[0-9a-fA-F]{1,4}$/.test(part)) groups.push(BigInt(`0x${part}`));
    else return undefined;
  }
  return groups;
}

/** An IPv4 or IPv6 address without port or prefix length; an IPv6 address may name its zone (`fe80::1%eth0`). */
export function isIpAddress(text: string): boolean {
  const zone = text.indexOf('%');
  if (zone === -1 || zone === text.length - 1) return parseAddress(text) !== undefined;
  return parseAddress(text.slice(0, zone))?.family === 6;
}

/** An address, or a network such as `10.0.0.0/8`. */
export function isAddressOrNetwork(text: string): boolean {
  return text.includes('/') ? parseNetwork(text) !== undefined : isIpAddress(text);
}
