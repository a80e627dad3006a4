/** What the framer gives for each line: its bytes without the line end, or how long a line was that is over the bound. */
export type Line =
  | { readonly kind: "line"; readonly bytes: Uint8Array }
  /** The line is thrown away as it comes; `head` and `tail` are its first and last bytes, for finding whose it was. */
  | {
      readonly kind: "too_long";
      readonly byteCount: number;
      readonly head: Uint8Array;
      readonly tail: Uint8Array;
    };

export interface LineFramer {
  /** Takes the next bytes, however they are cut, and gives each line that they complete. Keeps a reference to `chunk`. */
  readonly push: (chunk: Uint8Array) => readonly Line[];
  /** Bytes of the line that is not complete yet. */
  readonly pendingBytes: () => number;
}

const LF = 0x0a;
const KEPT_BYTES = 512;

const join = (pieces: readonly Uint8Array[], byteCount: number): Uint8Array => {
  const [only] = pieces;
  if (only !== undefined && pieces.length === 1) {
    return only;
  }
  const joined = new Uint8Array(byteCount);
  let at = 0;
  for (const piece of pieces) {
    joined.set(piece, at);
    at += piece.length;
  }
  return joined;
};

/** The last bytes of what came before and what came now. */
const tailOf = (before: Uint8Array, piece: Uint8Array): Uint8Array =>
  piece.length >= KEPT_BYTES
    ? piece.slice(-KEPT_BYTES)
    : join(
        [before.subarray(Math.max(0, before.length + piece.length - KEPT_BYTES)), piece],
        Math.min(KEPT_BYTES, before.length + piece.length),
      );

/**
 * Cuts a byte stream at LF (MCP stdio "Messages are delimited by newlines"). The work is linear in the bytes, in
 * whatever pieces they come: a line that came in one piece is not copied, any other is copied once.
 */
export const createLineFramer = (bytesMax: number): LineFramer => {
  let pieces: Uint8Array[] = [];
  let byteCount = 0;
  let head: Uint8Array | undefined;
  let tail = new Uint8Array(0);

  const keep = (piece: Uint8Array): void => {
    byteCount += piece.length;
    if (byteCount <= bytesMax) {
      pieces.push(piece);
      return;
    }
    if (head === undefined) {
      const whole = join([...pieces, piece], byteCount);
      head = whole.slice(0, KEPT_BYTES);
      tail = whole.slice(-KEPT_BYTES);
      pieces = [];
    } else {
      tail = new Uint8Array(tailOf(tail, piece));
    }
  };

  const finish = (): Line => {
    const line: Line =
      head === undefined
        ? { kind: "line", bytes: join(pieces, byteCount) }
        : { kind: "too_long", byteCount, head, tail };
    pieces = [];
    byteCount = 0;
    head = undefined;
    return line;
  };

  const push = (chunk: Uint8Array): readonly Line[] => {
    const lines: Line[] = [];
    let start = 0;
    for (let end = chunk.indexOf(LF); end !== -1; end = chunk.indexOf(LF, start)) {
      keep(chunk.subarray(start, end));
      lines.push(finish());
      start = end + 1;
    }
    if (start < chunk.length) {
      keep(chunk.subarray(start));
    }
    return lines;
  };

  return { push, pendingBytes: () => byteCount };
};

const DECODER = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Strict UTF-8; `undefined` where the bytes are none. A byte order mark stays, for the JSON reader to refuse. */
export const decodeUtf8 = (bytes: Uint8Array): string | undefined => {
  try {
    return DECODER.decode(bytes);
  } catch {
    return undefined;
  }
};
