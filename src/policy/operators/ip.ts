/** IP literals: dotted quads without leading zeros, and RFC 4291 section 2.2 without a zone. */

const V4_BITS = 32;
const V6_BITS = 128;
const GROUPS = 8;

/** An IPv4 address as a 32-bit number, or the eight 16-bit groups of an IPv6 one. */
export type Address = number | readonly number[];

const QUAD = /^(?:0|[1-9]\d{0,2})(?:\.(?:0|[1-9]\d{0,2})){3}$/;

const parseQuad = (text: string): number | undefined => {
  if (!QUAD.test(text)) {
    return undefined;
  }
  let address = 0;
  for (const part of text.split(".")) {
    const byte = Number(part);
    if (byte > 255) {
      return undefined;
    }
    address = address * 256 + byte;
  }
  return address;
};

/** The groups of one side of `::`; `undefined` if there is something else in it. A quad may only end the address. */
const parseGroups = (text: string, ends: boolean): number[] | undefined => {
  if (text === "") {
    return [];
  }
  const parts = text.split(":");
  const groups: number[] = [];
  for (const [index, part] of parts.entries()) {
    const quad = ends && index === parts.length - 1 ? parseQuad(part) : undefined;
    if (quad !== undefined) {
      groups.push(Math.floor(quad / 0x10000), quad % 0x10000);
    } else if (/^[0-9a-f]{1,4}$/i.test(part)) {
      groups.push(Number.parseInt(part, 16));
    } else {
      return undefined;
    }
  }
  return groups;
};

const parseV6 = (text: string): readonly number[] | undefined => {
  const gap = text.indexOf("::");
  if (gap === -1) {
    const groups = parseGroups(text, true);
    return groups?.length === GROUPS ? groups : undefined;
  }
  const head = parseGroups(text.slice(0, gap), false);
  const tail = parseGroups(text.slice(gap + 2), true);
  if (head === undefined || tail === undefined || head.length + tail.length >= GROUPS) {
    return undefined;
  }
  return [...head, ...Array.from({ length: GROUPS - head.length - tail.length }, () => 0), ...tail];
};

const LITERAL_CHARACTERS_MAX = "ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255".length;

const parseLiteral = (text: string): Address | undefined =>
  text.length > LITERAL_CHARACTERS_MAX ? undefined : text.includes(":") ? parseV6(text) : parseQuad(text);

/** The IPv4 address inside one of `::ffff:0:0/96`. */
const mappedV4 = (groups: readonly number[]): number | undefined =>
  groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff
    ? (groups[6] ?? 0) * 0x10000 + (groups[7] ?? 0)
    : undefined;

/** Reads an IP literal; IPv4-mapped IPv6 is IPv4. */
export const parseAddress = (text: string): Address | undefined => {
  const address = parseLiteral(text);
  return typeof address === "object" ? (mappedV4(address) ?? address) : address;
};

export interface Block {
  readonly address: Address;
  readonly bits: number;
}

const MAPPED_BITS = V6_BITS - V4_BITS;

/** The block with an IPv4 base for `::ffff:0:0/96` and longer. */
const normalBlock = (address: Address, bits: number): Block => {
  const mapped = typeof address === "object" && bits >= MAPPED_BITS ? mappedV4(address) : undefined;
  return mapped === undefined ? { address, bits } : { address: mapped, bits: bits - MAPPED_BITS };
};

/** Reads `10.0.0.0/8`; a string says what is wrong with it. */
export const parseBlock = (text: string): Block | string => {
  const slash = text.indexOf("/");
  const address = parseLiteral(slash === -1 ? text : text.slice(0, slash));
  if (address === undefined) {
    return "A block is an IP address and a prefix length, such as 10.0.0.0/8 or 2001:db8::/32.";
  }
  const widest = typeof address === "number" ? V4_BITS : V6_BITS;
  if (slash === -1) {
    return `A block needs its prefix length; one address is ${text}/${widest}.`;
  }
  const digits = text.slice(slash + 1);
  const bits = /^(?:0|[1-9]\d{0,2})$/.test(digits) ? Number(digits) : widest + 1;
  if (bits > widest) {
    return `The prefix length is a number from 0 to ${widest}.`;
  }
  const block = normalBlock(address, bits);
  return hasHostBits(block) ? "Bits after the prefix are set: write the block's first address." : block;
};

const v4Prefix = (address: number, bits: number): number => {
  const size = 2 ** (V4_BITS - bits);
  return address - (address % size);
};

/** The bits of a group that a prefix of an IPv6 address covers. */
const groupMask = (index: number, bits: number): number => {
  const covered = Math.min(16, Math.max(0, bits - index * 16));
  return (0xffff << (16 - covered)) & 0xffff;
};

const hasHostBits = ({ address, bits }: Block): boolean =>
  typeof address === "number"
    ? v4Prefix(address, bits) !== address
    : address.some((group, index) => (group & groupMask(index, bits)) !== group);

export const isInBlock = (address: Address, block: Block): boolean => {
  const base = block.address;
  if (typeof address === "number") {
    return typeof base === "number" && v4Prefix(address, block.bits) === base;
  }
  return (
    typeof base === "object" &&
    address.every((group, index) => (group & groupMask(index, block.bits)) === base[index])
  );
};
