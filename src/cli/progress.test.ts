import { describe, expect, it } from "vitest";
import { byteText, startProgress } from "./progress.ts";
import type { Terminal } from "./terminal.ts";

/** A terminal that keeps what it was told, and a clock that is set by hand. */
const setUp = (changes: Partial<Terminal> = {}) => {
  const at = { time: 0, text: "" };
  const terminal: Terminal = {
    out: () => {},
    err: (text) => void (at.text += text),
    stdin: nothing(),
    cwd: "/",
    env: {},
    inIsTerminal: true,
    outIsTerminal: true,
    errIsTerminal: true,
    columns: 80,
    ...changes,
  };
  return { at, terminal, clock: { now: () => at.time } };
};

async function* nothing(): AsyncGenerator<Uint8Array> {}

describe("a progress bar", () => {
  it("is drawn anew now and then, and taken away at the end", () => {
    const { at, terminal, clock } = setUp();
    const progress = startProgress(terminal, "working", clock);
    progress.update(0, 100);
    expect(at.text).toBe("");
    at.time = 200;
    progress.update(50, 100);
    progress.update(60, 100);
    expect(at.text).toBe(
      `\r\u001B[2Kworking ${"█".repeat(12)}\u001B[2m${"░".repeat(12)}\u001B[0m  50 % of 100 B`,
    );
    at.time = 400;
    progress.update(100, 100);
    progress[Symbol.dispose]();
    expect(at.text.endsWith(`${"█".repeat(24)}\u001B[2m\u001B[0m 100 % of 100 B\r\u001B[2K`)).toBe(true);
  });

  it("counts what it is told to count, and is there at once for work that is known to be long", () => {
    const { at, terminal, clock } = setUp({ env: { NO_COLOR: "1" } });
    const counted = (total: number): string => `${String(total)} things`;
    startProgress(terminal, "working", clock, { atOnce: true, counted }).update(0, 7);
    expect(at.text).toBe(`\r\u001B[2Kworking ${"░".repeat(24)}   0 % of 7 things`);
  });

  it.each<[string, Partial<Terminal>, { readonly beside?: boolean }]>([
    ["standard error is no terminal", { errIsTerminal: false }, {}],
    ["the terminal can do nothing", { env: { TERM: "dumb" } }, {}],
    ["the output is on the same terminal", {}, { beside: true }],
  ])("is not there where %s", (_, changes, options) => {
    const { at, terminal, clock } = setUp(changes);
    const progress = startProgress(terminal, "working", clock, options);
    at.time = 1_000;
    progress.update(1, 2);
    progress[Symbol.dispose]();
    expect(at.text).toBe("");
  });

  it("has no colours with NO_COLOR, and is there beside output that goes elsewhere", () => {
    const { at, terminal, clock } = setUp({ env: { NO_COLOR: "1" }, outIsTerminal: false });
    const progress = startProgress(terminal, "working", clock, { beside: true });
    at.time = 1_000;
    progress.update(3, 0);
    expect(at.text).toBe(`\r\u001B[2Kworking ${"█".repeat(24)} 100 % of 0 B`);
  });

  it("says bytes in units that are easy to read", () => {
    expect([0, 1_023, 1_536, 5 * 1024 ** 3, 5 * 1024 ** 5].map(byteText)).toEqual([
      "0 B",
      "1023 B",
      "1.5 KiB",
      "5.0 GiB",
      "5120.0 TiB",
    ]);
  });
});
