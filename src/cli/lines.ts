import { LIMITS } from "../base/limits.ts";

const LINE_FEED = 10;

/** A line of a stream; `undefined` where it is not UTF-8 or longer than is read. */
export type Line = string | undefined;

/** Splits a stream of bytes at line feeds as they come. An empty last line is none. */
export async function* readLines(stream: AsyncIterable<Uint8Array>): AsyncGenerator<Line> {
  const pending = new Pending();
  for await (const chunk of stream) {
    let start = 0;
    for (let end = chunk.indexOf(LINE_FEED); end !== -1; end = chunk.indexOf(LINE_FEED, start)) {
      pending.add(chunk.subarray(start, end));
      yield pending.take();
      start = end + 1;
    }
    pending.add(chunk.subarray(start));
  }
  if (pending.bytes > 0) {
    yield pending.take();
  }
}

class Pending {
  bytes = 0;
  #parts: Uint8Array[] = [];

  add(part: Uint8Array): void {
    this.bytes += part.length;
    if (this.bytes <= LIMITS.body_bytes_max) {
      this.#parts.push(part);
    } else {
      this.#parts = []; // Nothing of a line that is too long is kept.
    }
  }

  take(): Line {
    const whole = this.bytes <= LIMITS.body_bytes_max ? Buffer.concat(this.#parts) : undefined;
    this.bytes = 0;
    this.#parts = [];
    return whole === undefined ? undefined : decode(whole);
  }
}

const decode = (bytes: Uint8Array): Line => {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
};
