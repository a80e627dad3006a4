import { describe, expect, it } from "vitest";
import { jsonLine, oneLine, plural, problemLine, table } from "./print.ts";
import { painter, type Terminal } from "./terminal.ts";

const plain = (_: unknown, text: string): string => text;

describe("text of others", () => {
  it("is shown on one line, with what cannot be seen made visible", () => {
    expect(oneLine("a\n  b\tc")).toBe("a b c");
    expect(oneLine("a\u001b[31mred\u0007")).toBe("a\\u{1b}[31mred\\u{7}");
    expect(oneLine("ad\u200bmin\u202e")).toBe("ad\\u{200b}min\\u{202e}");
    expect(oneLine("x".repeat(10), 5)).toBe("xxxx…");
    expect(oneLine("😀".repeat(5), 5)).toBe("😀".repeat(5));
  });
});

describe("a problem", () => {
  it("has its place, its sentence, its pointer and the nearest spelling, as far as there are such", () => {
    const problem = {
      file: "a.json",
      line: 2,
      column: 3,
      pointer: "/x",
      message: "unknown key",
      nearest: "y",
    };
    expect(problemLine(problem, plain)).toBe('a.json:2:3: error: unknown key (/x) Did you mean "y"?\n');
    expect(problemLine({ file: "a.json", pointer: "", message: "m", severity: "warning" }, plain)).toBe(
      "a.json: warning: m\n",
    );
  });
});

describe("output for programs", () => {
  it("leaves out what is undefined and keeps every name", () => {
    const odd: unknown = JSON.parse('{"__proto__":1,"b":[{"c":null}]}');
    expect(jsonLine({ a: undefined, odd })).toBe('{"odd":{"__proto__":1,"b":[{"c":null}]}}\n');
  });
});

describe("a table", () => {
  it("pads columns by code points, but not the last", () => {
    expect(
      table(
        ["A", "NAME"],
        [
          ["😀😀", "x"],
          ["b", "yy"],
        ],
        plain,
      ),
    ).toBe("A   NAME\n😀😀  x\nb   yy\n");
  });

  it("counts in words", () => {
    expect([plural(0, "error"), plural(1, "error"), plural(2, "error")]).toEqual([
      "0 errors",
      "1 error",
      "2 errors",
    ]);
  });
});

describe("colours", () => {
  const terminal = (isTerminal: boolean, env: Record<string, string>): Terminal => ({
    out: () => {},
    err: () => {},
    stdin: (async function* nothing() {})(),
    inIsTerminal: isTerminal,
    cwd: "/",
    env,
    outIsTerminal: isTerminal,
    errIsTerminal: !isTerminal,
    columns: 80,
  });

  it("are for terminals only, unless NO_COLOR is set to anything", () => {
    expect(painter(terminal(true, {}), "out")("red", "x")).toBe("\u001b[31mx\u001b[0m");
    expect(painter(terminal(true, {}), "err")("red", "x")).toBe("x");
    expect(painter(terminal(true, { NO_COLOR: "" }), "out")("red", "x")).toContain("\u001b");
    expect(painter(terminal(true, { NO_COLOR: "0" }), "out")("red", "x")).toBe("x");
    expect(painter(terminal(true, { TERM: "dumb" }), "out")("red", "x")).toBe("x");
  });
});
