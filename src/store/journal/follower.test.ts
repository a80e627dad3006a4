import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { chainAdmin, GENESIS } from "../../audit/chain.ts";
import { adminOf } from "../conformance/sample-records.ts";
import { temporaryDirectory } from "../conformance/temporary.ts";
import { JournalGap, openFollower, PositionForeign } from "./follower.ts";
import { PlaceUnreadable } from "./position-file.ts";
import { segmentFile } from "./segments.ts";

/** A journal that is written by hand: `write(2, 5)` appends five lines to segment 2. */
const setUp = () => {
  const root = temporaryDirectory();
  const directory = join(root, "journal");
  mkdirSync(directory);
  const positionFile = join(root, "place");
  const written: string[] = [];
  let prev = GENESIS;
  const write = (segment: number, count: number): void => {
    for (let index = 0; index < count; index += 1) {
      const { line, hash } = chainAdmin(prev, adminOf(written.length));
      appendFileSync(segmentFile(directory, segment), `${line}\n`);
      written.push(line);
      prev = hash;
    }
  };
  const open = (skipGap = false) => openFollower({ directory, positionFile, skipGap });
  return { directory, positionFile, written, write, open };
};

/** Takes so many lines, or all. */
const take = ({ open }: ReturnType<typeof setUp>, max = 1_000, skipGap = false): readonly unknown[] => {
  using follower = open(skipGap);
  const lines = follower.next(max).map(({ text }) => text);
  follower.taken();
  return lines;
};

describe("following the journal from a stored position", () => {
  it("goes on behind what was taken, over segments, as lines come", () => {
    const at = setUp();
    at.write(1, 3);
    expect(take(at, 2)).toEqual(at.written.slice(0, 2));
    at.write(1, 1);
    at.write(2, 2);
    expect(take(at)).toEqual(at.written.slice(2));
    expect(take(at)).toEqual([]);
    at.write(2, 1);
    at.write(4, 1);
    expect(take(at)).toEqual(at.written.slice(6));
  });

  it("gives again what was not taken, and says that it may", () => {
    const at = setUp();
    at.write(1, 5);
    expect(take(at, 2)).toHaveLength(2);
    {
      using follower = at.open();
      expect([follower.interrupted, follower.next(2)]).toMatchObject([false, [{}, {}]]);
    }
    using again = at.open();
    expect(again.interrupted).toBe(true);
    expect(again.next(9).map(({ text }) => text)).toEqual(at.written.slice(2));
    again.taken();
    again[Symbol.dispose]();
    using third = at.open();
    expect([third.interrupted, third.next(9)]).toEqual([false, []]);
  });

  it("stores nothing where there is nothing", () => {
    const at = setUp();
    expect(take(at)).toEqual([]);
    expect(existsSync(at.positionFile)).toBe(false);
  });

  it("begins where the journal does, where its first segments are gone before the first run", () => {
    const at = setUp();
    at.write(1, 2);
    at.write(2, 2);
    rmSync(segmentFile(at.directory, 1));
    expect(take(at)).toEqual(at.written.slice(2));
  });

  it("goes on behind a line that cannot be read", () => {
    const at = setUp();
    at.write(1, 1);
    appendFileSync(segmentFile(at.directory, 1), Buffer.from([0xff, 0x0a]));
    expect(take(at)).toEqual([at.written[0], undefined]);
    at.write(1, 1);
    expect(take(at)).toEqual([at.written[1]]);
  });
});

describe("a stored position", () => {
  it("of another journal is refused", () => {
    const [one, other] = [setUp(), setUp()];
    one.write(1, 3);
    other.write(1, 1);
    writeFileSync(segmentFile(other.directory, 1), "");
    other.write(1, 3);
    take(one);
    writeFileSync(other.positionFile, readFileSync(one.positionFile));
    expect(() => other.open()).toThrow(PositionForeign);
    expect(() => other.open(true)).toThrow("another record");
  });

  it("beyond the journal's end is refused", () => {
    const at = setUp();
    at.write(1, 2);
    at.write(2, 2);
    take(at);
    truncateSync(segmentFile(at.directory, 2), 0);
    expect(() => at.open()).toThrow("beyond the end");
    rmSync(segmentFile(at.directory, 2));
    expect(() => at.open()).toThrow("beyond the end");
  });

  it("that is no position is refused", () => {
    const at = setUp();
    at.write(1, 1);
    for (const text of ["", "{}", '{"v":1,"segment":1,"offset":-1,"last":null,"open":false}']) {
      writeFileSync(at.positionFile, text);
      expect(() => at.open()).toThrow(PlaceUnreadable);
    }
  });
});

describe("where retention dropped segments", () => {
  it("that were taken, nothing is missing", () => {
    const at = setUp();
    at.write(1, 2);
    take(at);
    at.write(2, 2);
    rmSync(segmentFile(at.directory, 1));
    expect(take(at, 1)).toEqual([at.written[2]]);
    expect(take(at)).toEqual([at.written[3]]);
  });

  it("that were not taken, that is told, and passed over only when asked for", () => {
    const at = setUp();
    at.write(1, 2);
    take(at, 1);
    at.write(2, 2);
    rmSync(segmentFile(at.directory, 1));
    expect(() => at.open()).toThrow(JournalGap);
    expect(take(at, 1, true)).toEqual([at.written[2]]);
    expect(take(at)).toEqual([at.written[3]]);
  });

  it("while they were waited for, that is told", () => {
    const at = setUp();
    at.write(1, 2);
    using follower = at.open();
    expect(follower.next(9)).toHaveLength(2);
    follower.taken();
    at.write(2, 2);
    at.write(3, 2);
    rmSync(segmentFile(at.directory, 2));
    expect(() => follower.next(9)).toThrow(JournalGap);
    expect(() => at.open().next(9)).toThrow(JournalGap);
  });
});
