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

  it.each([16, 4_096, 65_536, 2_000_000])(
    "copies each byte twice at most when they come in pieces of %i",
    (size) => {
      const copies = vi.spyOn(Uint8Array.prototype, "set");
      const whole = bytes(`${"x".repeat(1_000_000)}\n`);
      const framer = createLineFramer(2_000_000);
      const lines = cut(whole, size).flatMap((piece) => framer.push(piece));
      const copied = copies.mock.calls.reduce((sum, [source]) => sum + source.length, 0);
      copies.mockRestore();
      expect(lines).toHaveLength(1);
      expect(copied).toBeGreaterThanOrEqual(size > whole.length ? 0 : whole.length - 1);
      expect(copied).toBeLessThanOrEqual(2 * whole.length);
    },
  );

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
