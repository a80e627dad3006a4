import { describe, expect, it } from "vitest";
import { LOG_BYTES_MAX, LOG_LINE_CHARS_MAX, LOG_LINES_MAX } from "./limits.ts";
import { Ring } from "./ring.ts";

const ring = (): Ring => new Ring(() => {});

describe("a log", () => {
  it("keeps the last lines and says how many are not kept", () => {
    const log = ring();
    for (let line = 0; line < LOG_LINES_MAX + 7; line += 1) {
      log.add(`line ${String(line)}`);
    }
    const lines = log.text().trimEnd().split("\n");
    expect(lines).toHaveLength(LOG_LINES_MAX + 1);
    expect(lines[0]).toBe("-- 7 earlier lines are not kept --");
    expect(lines[1]).toBe("line 7");
    expect(lines.at(-1)).toBe(`line ${String(LOG_LINES_MAX + 6)}`);
  });

  it("is bounded in bytes, also by lines of many bytes a character", () => {
    const log = ring();
    for (let line = 0; line < 100; line += 1) {
      log.add("€".repeat(LOG_LINE_CHARS_MAX));
    }
    expect(Buffer.byteLength(log.text())).toBeLessThan(LOG_BYTES_MAX + 100);
  });

  it("is bounded when a process never ends its line", () => {
    const log = ring();
    const write = log.writer();
    for (let chunk = 0; chunk < 100; chunk += 1) {
      write(Buffer.alloc(10_000, "x"));
    }
    expect(log.mark).toBe(100);
    expect(log.text().length).toBeLessThan(LOG_BYTES_MAX + 100);
  });

  it("puts lines and characters together that come in pieces", () => {
    const log = ring();
    const write = log.writer();
    const bytes = Buffer.from("one €\r\ntwo\nthr");
    bytes.forEach((_, at) => write(bytes.subarray(at, at + 1)));
    expect(log.text()).toBe("one €\ntwo\n");
    write(undefined);
    expect(log.text()).toBe("one €\ntwo\nthr\n");
  });

  it("keeps neither colours nor what moves a cursor", () => {
    const log = ring();
    log.add("\u001b[31mred\u001b[0m\u0007\tand \u001b]0;title\u0007plain\u0000");
    expect(log.text()).toBe("red\tand plain\n");
  });

  it("gives what was said since a mark, without notes of its own", () => {
    const log = ring();
    log.add("before");
    const { mark } = log;
    log.note("process 1 started");
    log.add("after");
    expect(log.since(mark)).toEqual(["after"]);
    for (let line = 0; line < LOG_LINES_MAX; line += 1) {
      log.add("more");
    }
    expect(log.since(mark)).toHaveLength(LOG_LINES_MAX);
  });
});
