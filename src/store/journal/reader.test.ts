import { appendFileSync, truncateSync, writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { temporaryDirectory } from "../conformance/temporary.ts";
import { followLines, readJournal, readLines } from "./read.ts";
import { JournalReader } from "./reader.ts";
import { JournalDamaged, segmentFile } from "./segments.ts";

const write = (directory: string, segment: number, text: string | Uint8Array): void =>
  appendFileSync(segmentFile(directory, segment), text);
const texts = (reader: JournalReader, max = 100): readonly (string | undefined)[] =>
  reader.next(max).map(({ text }) => text);

describe("a reader of the journal", () => {
  it("finds nothing where there is nothing, until there is", () => {
    const directory = temporaryDirectory();
    using reader = new JournalReader(directory);
    expect(texts(reader)).toEqual([]);
    write(directory, 1, "a\n");
    expect(texts(reader)).toEqual(["a"]);
    using none = new JournalReader(`${directory}/none`);
    expect(texts(none)).toEqual([]);
  });

  it("gives each line with its place and the next one's, from any of them on", () => {
    const directory = temporaryDirectory();
    write(directory, 1, "one\nzwölf\n");
    write(directory, 2, "3\n");
    const lines = [...readLines(directory)];
    expect(lines).toEqual([
      { text: "one", position: { segment: 1, offset: 0 }, next: { segment: 1, offset: 4 } },
      { text: "zwölf", position: { segment: 1, offset: 4 }, next: { segment: 1, offset: 11 } },
      { text: "3", position: { segment: 2, offset: 0 }, next: { segment: 2, offset: 2 } },
    ]);
    for (const [index, { position, next }] of lines.entries()) {
      expect([...readLines(directory, position)]).toEqual(lines.slice(index));
      expect([...readLines(directory, next)]).toEqual(lines.slice(index + 1));
    }
  });

  it("gives no more lines than are asked for, and the others later", () => {
    const directory = temporaryDirectory();
    write(directory, 1, "1\n2\n3\n4\n5\n");
    using reader = new JournalReader(directory);
    expect([texts(reader, 2), texts(reader, 2), texts(reader, 2), texts(reader, 2)]).toEqual([
      ["1", "2"],
      ["3", "4"],
      ["5"],
      [],
    ]);
  });

  it("leaves a half line alone, until it is whole or another", () => {
    const directory = temporaryDirectory();
    write(directory, 1, "one\nha");
    using reader = new JournalReader(directory);
    expect([texts(reader), reader.next(1), reader.rest()]).toEqual([["one"], [], "ha"]);
    write(directory, 1, "lf");
    expect([texts(reader), reader.rest()]).toEqual([[], "half"]);
    truncateSync(segmentFile(directory, 1), 4);
    write(directory, 1, "other\n");
    expect([texts(reader), texts(reader), reader.rest()]).toEqual([["other"], [], ""]);
  });

  it("does not move on to an empty segment: lines may still come to the one before", () => {
    const directory = temporaryDirectory();
    write(directory, 1, "1\n");
    write(directory, 2, "");
    write(directory, 99_999_999, "");
    using reader = new JournalReader(directory);
    expect([texts(reader), texts(reader)]).toEqual([["1"], []]);
    write(directory, 1, "2\n");
    expect(texts(reader)).toEqual(["2"]);
    write(directory, 2, "3\n");
    expect([texts(reader), reader.position]).toEqual([["3"], { segment: 2, offset: 2 }]);
  });

  it("goes on to the next segment only behind the last line of the one before", () => {
    const directory = temporaryDirectory();
    write(directory, 1, "1\n");
    using reader = new JournalReader(directory);
    expect(texts(reader)).toEqual(["1"]);
    write(directory, 1, "2\n");
    write(directory, 2, "3\n");
    write(directory, 4, "4\n");
    expect(texts(reader)).toEqual(["2", "3", "4"]);
  });

  it("shows what stands behind the last line feed of a segment that another follows", () => {
    const directory = temporaryDirectory();
    write(directory, 1, "1\nbroken");
    write(directory, 2, "2\n");
    using reader = new JournalReader(directory);
    expect(texts(reader)).toEqual(["1", "broken", "2"]);
    expect(texts(reader)).toEqual([]);
    expect(reader.rest()).toBe("");
  });

  it("reads lines longer than a block", () => {
    const directory = temporaryDirectory();
    const long = "é".repeat(400_000);
    write(directory, 1, `a\n${long}\nb\n${long}`);
    using reader = new JournalReader(directory);
    expect(texts(reader)).toEqual(["a", long, "b"]);
    expect([texts(reader), reader.rest()]).toEqual([[], long]);
  });

  it("reads lines that lie across two blocks", () => {
    const directory = temporaryDirectory();
    const lines = Array.from({ length: 20_000 }, (_, index) => `${String(index)}:${"€".repeat(index % 40)}`);
    write(directory, 1, `${lines.join("\n")}\n`);
    expect([...readLines(directory)].map(({ text }) => text)).toEqual(lines);
  });

  it("gives no text where the bytes are not UTF-8", () => {
    const directory = temporaryDirectory();
    write(directory, 1, Buffer.from([0x61, 0x0a, 0xf0, 0xbf, 0xbd, 0x0a, 0x62, 0x0a]));
    using reader = new JournalReader(directory);
    expect(texts(reader)).toEqual(["a", undefined, "b"]);
  });
});

describe("readJournal", () => {
  it("gives the records, or those whose text is wanted", () => {
    const directory = temporaryDirectory();
    write(directory, 1, '{"a":1}\n{"b":9007199254740993}\n');
    expect([...readJournal(directory)]).toHaveLength(2);
    expect([...readJournal(directory, { only: (text) => text.includes('"a"') })]).toEqual([{ a: 1 }]);
    expect([...readJournal(directory, { from: { segment: 1, offset: 8 } })]).toHaveLength(1);
  });

  it("ends at a line that cannot be read, and tells where it is", () => {
    for (const damaged of ['{"a":', "7", Buffer.from([0xff])]) {
      const directory = temporaryDirectory();
      write(directory, 1, '{"a":1}\n');
      write(directory, 1, damaged);
      write(directory, 1, "\n");
      const read = (): unknown => [...readJournal(directory, { only: () => true })];
      expect(read).toThrow(JournalDamaged);
      expect(read).toThrow("at byte 8 of 00000001.jsonl");
    }
  });
});

describe("followLines", () => {
  it("gives lines as they are written, over segments, until the signal", async () => {
    const directory = temporaryDirectory();
    write(directory, 1, "1\n");
    const stop = new AbortController();
    const seen: (string | undefined)[] = [];
    for await (const { text } of followLines(directory, { signal: stop.signal, pollMs: 1 })) {
      seen.push(text);
      if (text === "1") {
        write(directory, 1, "2\nhalf");
        setImmediate(() => {
          writeFileSync(segmentFile(directory, 1), "1\n2\n3\n");
          write(directory, 2, "4\n");
        });
      }
      if (text === "4") {
        stop.abort();
      }
    }
    expect(seen).toEqual(["1", "2", "3", "4"]);
  });

  it("ends while it waits", async () => {
    const stop = new AbortController();
    const lines = followLines(temporaryDirectory(), { signal: stop.signal, pollMs: 60_000 });
    const next = lines.next();
    setImmediate(() => stop.abort());
    expect(await next).toEqual({ done: true, value: undefined });
  });
});
