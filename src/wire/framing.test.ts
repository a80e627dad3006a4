import * as fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { createLineFramer, decodeUtf8 } from "./lines.ts";
import type { Line } from "./lines.ts";
import { createSseReader, SSE_KEEP_ALIVE, writeSseEvent } from "./sse.ts";
import type { SseOutput } from "./sse.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const cut = (whole: Uint8Array, size: number): Uint8Array[] => {
  const pieces: Uint8Array[] = [];
  for (let at = 0; at < whole.length; at += size) {
    pieces.push(whole.subarray(at, at + size));
  }
  return pieces;
};
const texts = (lines: readonly Line[]): (string | number | undefined)[] =>
  lines.map((line) => (line.kind === "line" ? decodeUtf8(line.bytes) : line.byteCount));

/** Bytes that are copied into typed arrays meanwhile, by any of the ways there are. */
const copiedBytes = (run: () => void): number => {
  let count = 0;
  const restore: (() => void)[] = [];
  const watch = (
    target: object,
    name: string,
    bytesOf: (args: unknown[], result: unknown) => number,
  ): void => {
    const own = Object.getOwnPropertyDescriptor(target, name);
    const original = Reflect.get(target, name) as (...args: unknown[]) => unknown;
    const watched = function watched(this: unknown, ...args: unknown[]): unknown {
      const result = Reflect.apply(original, this, args);
      count += bytesOf(args, result);
      return result;
    };
    Object.defineProperty(target, name, { value: watched, configurable: true, writable: true });
    restore.push(() =>
      own === undefined ? Reflect.deleteProperty(target, name) : Object.defineProperty(target, name, own),
    );
  };
  const lengthOf = (value: unknown): number => (value as { length?: number }).length ?? 0;
  watch(Uint8Array.prototype, "set", ([source]) => lengthOf(source));
  watch(Uint8Array.prototype, "slice", (_, result) => lengthOf(result));
  watch(Uint8Array.prototype, "copyWithin", (_, result) => lengthOf(result));
  watch(Uint8Array, "from", (_, result) => lengthOf(result));
  watch(Buffer.prototype, "copy", (_, result) => result as number);
  for (const name of ["concat", "from", "copyBytesFrom"]) {
    watch(Buffer, name, (_, result) => lengthOf(result));
  }
  vi.stubGlobal(
    "Uint8Array",
    new Proxy(Uint8Array, {
      construct: (target, args: unknown[], newTarget) => {
        const made = Reflect.construct(target, args, newTarget) as Uint8Array;
        count += typeof args[0] === "number" || args[0] instanceof ArrayBuffer ? 0 : made.length;
        return made;
      },
    }),
  );
  try {
    run();
  } finally {
    vi.unstubAllGlobals();
    restore.forEach((undo) => undo());
  }
  return count;
};

const MESSAGE_BYTES = 300_000;
const MESSAGE = bytes(`${"x".repeat(MESSAGE_BYTES)}\n`);

/** How often the framer copies each byte of a message that comes in pieces of these sizes, again and again. */
const copiesOf = (sizes: readonly number[]): number => {
  const pieces: Uint8Array[] = [];
  for (let at = 0; at < MESSAGE.length; at += pieces.at(-1)?.length ?? 0) {
    pieces.push(MESSAGE.subarray(at, at + (sizes[pieces.length % sizes.length] ?? 1)));
  }
  const lines: Line[] = [];
  const copied = copiedBytes(() => {
    const framer = createLineFramer(2 * MESSAGE_BYTES);
    pieces.forEach((piece) => lines.push(...framer.push(piece)));
  });
  expect(lines.map((line) => line.kind === "line" && line.bytes.length)).toEqual([MESSAGE_BYTES]);
  return copied / MESSAGE_BYTES;
};

describe("the line framer", () => {
  it("gives each line, however the bytes are cut", () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: "grapheme" }).map((text) => text.replaceAll("\n", ""))),
        fc.integer({ min: 1, max: 7 }),
        (lines, size) => {
          const framer = createLineFramer(1_000_000);
          const got = cut(bytes(lines.map((line) => `${line}\n`).join("")), size).flatMap((piece) =>
            framer.push(piece),
          );
          expect(texts(got)).toEqual(lines);
          expect(framer.pendingBytes()).toBe(0);
        },
      ),
    );
  });

  it("keeps what is not complete", () => {
    const framer = createLineFramer(100);
    expect(framer.push(bytes("ab"))).toEqual([]);
    expect(framer.pendingBytes()).toBe(2);
    expect(texts(framer.push(bytes("c\nd")))).toEqual(["abc"]);
  });

  it("throws a line away that is over the bound, says so, and goes on with the next", () => {
    for (const size of [1, 7, 600, 5000]) {
      const framer = createLineFramer(1000);
      const long = `HEAD${"x".repeat(2000)}TAIL`;
      const whole = bytes(`${"a".repeat(1000)}\n${long}\nok\n`);
      const got = cut(whole, size).flatMap((piece) => framer.push(piece));
      expect(texts(got)).toEqual(["a".repeat(1000), 2008, "ok"]);
      const [, middle] = got;
      expect(middle?.kind === "too_long" && decodeUtf8(middle.head)?.slice(0, 5)).toBe("HEADx");
      expect(middle?.kind === "too_long" && decodeUtf8(middle.tail)?.slice(-5)).toBe("xTAIL");
      expect(middle?.kind === "too_long" && middle.tail.length).toBe(512);
    }
  });

  it("holds no more than the bound of a line without an end", () => {
    const framer = createLineFramer(1000);
    for (let index = 0; index < 1000; index += 1) {
      framer.push(new Uint8Array(500));
    }
    expect(framer.pendingBytes()).toBe(500_000);
    const [line] = framer.push(bytes("\n"));
    expect(line?.kind === "too_long" && line.head.length + line.tail.length).toBe(1024);
  });

  it.each([1, 16, 4_095, 4_096, 65_536])(
    "copies each byte twice at most when they come in pieces of %i",
    (size) => {
      expect(copiesOf([size])).toBeLessThanOrEqual(2);
    },
  );

  it("copies each byte twice at most in whatever pieces they come, and a line in one piece not at all", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 100_000 }), { minLength: 1 }), (sizes) => {
        expect(copiesOf(sizes)).toBeLessThanOrEqual(2);
      }),
      { numRuns: 40 },
    );
    expect(copiesOf([2 * MESSAGE_BYTES])).toBe(0);
  });

  it.each<[string, (buffered: Uint8Array, piece: Uint8Array) => Uint8Array]>([
    ["Buffer.concat", (buffered, piece) => Buffer.concat([buffered, piece])],
    [
      "set",
      (buffered, piece) => {
        const joined = new Uint8Array(buffered.length + piece.length);
        joined.set(buffered);
        joined.set(piece, buffered.length);
        return joined;
      },
    ],
    [
      "copy",
      (buffered, piece) => {
        const joined = Buffer.alloc(buffered.length + piece.length);
        Buffer.from(buffered.buffer).copy(joined);
        Buffer.from(piece).copy(joined, buffered.length);
        return joined;
      },
    ],
  ])("is told by this count from one that copies all anew at each piece (by %s)", (_, append) => {
    const pieces = cut(MESSAGE, 4_096);
    const copied = copiedBytes(() => {
      let buffered: Uint8Array = new Uint8Array(0);
      for (const piece of pieces) {
        buffered = append(buffered, piece);
      }
      expect(buffered).toHaveLength(MESSAGE.length);
    });
    expect(copied / MESSAGE.length).toBeGreaterThan(pieces.length / 2);
  });

  it("does not take bytes that are no UTF-8 for text, and keeps a byte order mark", () => {
    expect(decodeUtf8(Uint8Array.of(0xff))).toBeUndefined();
    expect(decodeUtf8(Uint8Array.of(0xed, 0xa0, 0x80))).toBeUndefined();
    expect(decodeUtf8(bytes("\uFEFFx"))).toBe("\uFEFFx");
  });
});

const stream = (text: string, size = 1_000, max = 1_000): SseOutput[] => {
  const reader = createSseReader(max);
  return cut(bytes(text), size).flatMap((piece) => reader.push(piece).slice());
};
const events = (outputs: readonly SseOutput[]): string[] =>
  outputs.map((output) =>
    output.kind === "event" ? `${output.event.event}|${output.event.data}` : output.kind,
  );

describe("the event stream reader", () => {
  it.each(["\n", "\r", "\r\n"])("reads lines that end with %j, however they are cut", (end) => {
    const lines = [
      ": hello",
      "event: a",
      "data: one",
      "data:two",
      "data",
      "",
      "data: x",
      "",
      "id: 5",
      "data: y",
      "",
    ];
    for (const size of [1, 2, 3, 100]) {
      expect(events(stream(`${lines.join(end)}${end}`, size))).toEqual([
        "a|one\ntwo\n",
        "message|x",
        "message|y",
      ]);
    }
  });

  it("keeps the last id, gives the wait, and leaves comments, unknown fields and empty events out", () => {
    const text =
      "id: 1\ndata: a\n\nretry: 250\n: c\nfoo: bar\n\nevent: e\n\ndata: b\n\nretry: x\nid: a\0b\ndata:  c\n\n";
    const outputs = stream(text, 3);
    expect(events(outputs)).toEqual(["message|a", "retry", "message|b", "message| c"]);
    expect(outputs[1]).toEqual({ kind: "retry", ms: 250 });
    expect(outputs.flatMap((output) => (output.kind === "event" ? [output.event.id] : []))).toEqual([
      "1",
      "1",
      "1",
    ]);
  });

  it("tells the last id also where the event had no data", () => {
    const reader = createSseReader(100);
    reader.push(bytes("id: 1\ndata:\n\nid: 2\n\n"));
    expect(reader.lastId()).toBe("2");
  });

  it("does not give an event that the end of the stream cuts off, and skips a byte order mark", () => {
    expect(events(stream("\uFEFFdata: a\n\ndata: b\n", 1))).toEqual(["message|a"]);
  });

  it("stops at an event over the bound, in one line or many", () => {
    expect(events(stream(`data: ${"x".repeat(100)}\n\ndata: y\n\n`, 10, 50))).toEqual(["broken"]);
    expect(events(stream(`${"data: 1234567890\n".repeat(10)}\ndata: y\n\n`, 10, 50))).toEqual(["broken"]);
    expect(events(stream(`: ${"x".repeat(30)}\n`.repeat(10), 10, 50))).toEqual([]);
  });

  it("stops at bytes that are no UTF-8", () => {
    const reader = createSseReader(100);
    expect(reader.push(Uint8Array.of(0x64, 0xff, 0x0a, 0x0a))).toEqual([
      { kind: "broken", reason: "encoding" },
    ]);
    expect(reader.push(bytes("data: x\n\n"))).toEqual([]);
  });

  it("reads back what the writer writes", () => {
    const text = `${writeSseEvent('{"a":1}')}${SSE_KEEP_ALIVE}${writeSseEvent("a\nb\r\nc", { event: "e", id: "7" })}`;
    expect(events(stream(text, 2))).toEqual(['message|{"a":1}', "e|a\nb\nc"]);
  });
});
