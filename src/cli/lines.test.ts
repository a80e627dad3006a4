import { array, assert, asyncProperty, constantFrom, nat } from "fast-check";
import { describe, expect, it } from "vitest";
import { readLines, type Line } from "./lines.ts";

const linesOf = async (chunks: readonly Uint8Array[]): Promise<readonly Line[]> => {
  const lines: Line[] = [];
  for await (const line of readLines(
    (async function* stream() {
      yield* chunks;
    })(),
  )) {
    lines.push(line);
  }
  return lines;
};

describe("lines of a stream", () => {
  it("are the same wherever the stream is cut", async () => {
    await assert(
      asyncProperty(
        array(constantFrom("a", "é", "😀", "\n", "\r", "")),
        array(nat(40)),
        async (parts, cuts) => {
          const text = parts.join("");
          const bytes = Buffer.from(text);
          const places = [0, ...cuts.filter((cut) => cut < bytes.length).sort((a, b) => a - b), bytes.length];
          const chunks = places.slice(1).map((end, index) => bytes.subarray(places[index], end));
          const expected = text.split("\n");
          expect(await linesOf(chunks)).toEqual(expected.at(-1) === "" ? expected.slice(0, -1) : expected);
        },
      ),
    );
  });

  it("that are no UTF-8 or longer than is read are none, and the next ones are read", async () => {
    const long = Buffer.alloc(1024 * 1024, 0x61);
    const chunks = [Buffer.from([0x61, 0xff, 0x0a]), long, long, long, long, long, Buffer.from("\nok\n")];
    expect(await linesOf(chunks)).toEqual([undefined, undefined, "ok"]);
  });
});
