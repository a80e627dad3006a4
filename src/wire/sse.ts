import { decodeUtf8 } from "./lines.ts";

/** One event of a `text/event-stream` (HTML Living Standard section 9.2). */
export interface SseEvent {
  /** `message` where the stream says nothing else. */
  readonly event: string;
  readonly data: string;
  /** The last id the stream gave, also by an earlier event. */
  readonly id: string | undefined;
  /** Bytes of the event's data. */
  readonly byteCount: number;
}

export type SseOutput =
  | { readonly kind: "event"; readonly event: SseEvent }
  | { readonly kind: "retry"; readonly ms: number }
  /** The stream cannot be read further: an event over the bound, or bytes that are no UTF-8. */
  | { readonly kind: "broken"; readonly reason: "too_long" | "encoding" };

export interface SseReader {
  /** Takes the next bytes, however they are cut. After `broken` it gives nothing more. */
  readonly push: (chunk: Uint8Array) => readonly SseOutput[];
  /** The last id the stream gave, also by an event without data: where it can be resumed. */
  readonly lastId: () => string | undefined;
}

const LF = 0x0a;
const CR = 0x0d;
const BOM = [0xef, 0xbb, 0xbf] as const;
const MESSAGE = "message";

const join = (pieces: readonly Uint8Array[]): Uint8Array => {
  const [only] = pieces;
  if (only !== undefined && pieces.length === 1) {
    return only;
  }
  const joined = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    joined.set(piece, at);
    at += piece.length;
  }
  return joined;
};

const lineEnd = (chunk: Uint8Array, from: number): number => {
  const lf = chunk.indexOf(LF, from);
  const cr = (lf === -1 ? chunk : chunk.subarray(0, lf)).indexOf(CR, from);
  return cr === -1 ? lf : cr;
};

const isBom = (bytes: Uint8Array): boolean => BOM.every((byte, index) => bytes[index] === byte);

/** The class of an SSE stream's state: lines become fields, fields become events. */
class Reader {
  readonly #bytesMax: number;
  #pieces: Uint8Array[] = [];
  #lineBytes = 0;
  #data: string[] = [];
  #dataBytes = 0;
  #event = MESSAGE;
  #id: string | undefined;
  #afterCr = false;
  #first = true;
  #broken = false;
  #out: SseOutput[] = [];

  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax;
  }

  get lastId(): string | undefined {
    return this.#id;
  }

  push(chunk: Uint8Array): readonly SseOutput[] {
    this.#out = [];
    let start = 0;
    if (this.#afterCr && chunk.length > 0) {
      start = chunk[0] === LF ? 1 : 0;
      this.#afterCr = false;
    }
    for (let end = lineEnd(chunk, start); end !== -1 && !this.#broken; end = lineEnd(chunk, start)) {
      this.#keep(chunk.subarray(start, end));
      this.#line();
      start = end + 1;
      if (chunk[end] === CR) {
        this.#afterCr = start === chunk.length;
        start += chunk[start] === LF ? 1 : 0;
      }
    }
    if (start < chunk.length) {
      this.#keep(chunk.subarray(start));
    }
    return this.#out;
  }

  #break(reason: "too_long" | "encoding"): void {
    this.#broken = true;
    this.#pieces = [];
    this.#data = [];
    this.#out.push({ kind: "broken", reason });
  }

  #keep(piece: Uint8Array): void {
    if (this.#broken) {
      return;
    }
    this.#lineBytes += piece.length;
    if (this.#lineBytes + this.#dataBytes > this.#bytesMax) {
      this.#break("too_long");
      return;
    }
    this.#pieces.push(piece);
  }

  #line(): void {
    if (this.#broken) {
      return;
    }
    let bytes = join(this.#pieces);
    this.#pieces = [];
    this.#lineBytes = 0;
    if (this.#first) {
      this.#first = false;
      bytes = isBom(bytes) ? bytes.subarray(BOM.length) : bytes;
    }
    const text = decodeUtf8(bytes);
    if (text === undefined) {
      this.#break("encoding");
    } else if (text === "") {
      this.#dispatch();
    } else if (!text.startsWith(":")) {
      const colon = text.indexOf(":");
      const name = colon === -1 ? text : text.slice(0, colon);
      const skip = text.charCodeAt(colon + 1) === 0x20 ? 2 : 1;
      this.#field(name, colon === -1 ? "" : text.slice(colon + skip), bytes.length);
    }
  }

  #field(name: string, value: string, byteCount: number): void {
    if (name === "data") {
      this.#data.push(value);
      this.#dataBytes += byteCount;
    } else if (name === "event") {
      this.#event = value === "" ? MESSAGE : value;
    } else if (name === "id" && !value.includes("\0")) {
      this.#id = value;
    } else if (name === "retry" && /^[0-9]{1,9}$/.test(value)) {
      this.#out.push({ kind: "retry", ms: Number(value) });
    }
  }

  #dispatch(): void {
    if (this.#data.length > 0) {
      const data = this.#data.join("\n");
      const event = { event: this.#event, data, id: this.#id, byteCount: this.#dataBytes };
      this.#out.push({ kind: "event", event });
    }
    this.#data = [];
    this.#dataBytes = 0;
    this.#event = MESSAGE;
  }
}

/**
 * Reads an event stream. Lines end with CR, LF or CRLF; comments are left out; an event that the stream's end cuts
 * off is never given. `bytesMax` bounds one event. The work is linear in the bytes.
 */
export const createSseReader = (bytesMax: number): SseReader => {
  const reader = new Reader(bytesMax);
  return { push: (chunk) => reader.push(chunk), lastId: () => reader.lastId };
};

/** One event as text. `data` may have line ends; `event` and `id` must not. */
export const writeSseEvent = (data: string, options: { event?: string; id?: string } = {}): string => {
  const event = options.event === undefined ? "" : `event: ${options.event}\n`;
  const id = options.id === undefined ? "" : `id: ${options.id}\n`;
  const lines = /[\r\n]/.test(data) ? data.split(/\r\n|\r|\n/).join("\ndata: ") : data;
  return `${event}${id}data: ${lines}\n\n`;
};

/** A line that says nothing, so that what is between does not close a quiet stream. */
export const SSE_KEEP_ALIVE = ":\n\n";
