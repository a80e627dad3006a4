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
/** Pieces smaller than this are gathered in blocks, so that a message in many pieces is not many objects. */
const SMALL_BYTES = 4 * 1024;
const BLOCK_BYTES = 64 * 1024;

/** The pieces of a line. Each byte is copied once at most before they are joined. */
class Pieces {
  #whole: Uint8Array[] = [];
  #block = new Uint8Array(0);
  #used = 0;

  add(piece: Uint8Array): void {
    if (piece.length >= SMALL_BYTES || (this.#whole.length === 0 && this.#used === 0)) {
      this.#seal();
      this.#whole.push(piece);
      return;
    }
    if (this.#used + piece.length > this.#block.length) {
      this.#seal();
      this.#block = new Uint8Array(BLOCK_BYTES);
    }
    this.#block.set(piece, this.#used);
    this.#used += piece.length;
  }

  /** What is in the block becomes a piece; the rest of the block takes what comes next. */
  #seal(): void {
    if (this.#used > 0) {
      this.#whole.push(this.#block.subarray(0, this.#used));
      this.#block = this.#block.subarray(this.#used);
      this.#used = 0;
    }
  }

  take(byteCount: number): Uint8Array {
    this.#seal();
    const joined = join(this.#whole, byteCount);
    this.#whole = [];
    this.#block = new Uint8Array(0);
    return joined;
  }
}

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
 * whatever pieces they come: a line that came in one piece is not copied, any other twice at most.
 */
export const createLineFramer = (bytesMax: number): LineFramer => {
  const pieces = new Pieces();
  let byteCount = 0;
  let head: Uint8Array | undefined;
  let tail = new Uint8Array(0);

  const keep = (piece: Uint8Array): void => {
    byteCount += piece.length;
    if (byteCount <= bytesMax) {
      pieces.add(piece);
      return;
    }
    if (head === undefined) {
      pieces.add(piece);
      const whole = pieces.take(byteCount);
      head = whole.slice(0, KEPT_BYTES);
      tail = whole.slice(-KEPT_BYTES);
    } else {
      tail = new Uint8Array(tailOf(tail, piece));
    }
  };

  const finish = (): Line => {
    const line: Line =
      head === undefined
        ? { kind: "line", bytes: pieces.take(byteCount) }
        : { kind: "too_long", byteCount, head, tail };
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
