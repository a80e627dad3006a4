import { expect, it } from "vitest";
import { readOptions } from "./options.ts";

it("looks on the known ports, over standard input and output, where nothing is said", () => {
  expect(readOptions([], undefined)).toEqual({
    kind: "options",
    options: {
      face: { kind: "stdio" },
      where: { kind: "range", from: 8765, to: 8770 },
      secret: { kind: "none" },
      docs: undefined,
      docsHosts: new Set(),
      timeoutMs: 35_000,
    },
  });
});

it("takes what is said", () => {
  const args = [
    "--http",
    "--port",
    "81",
    "--editor-port",
    "9",
    "--docs",
    "d",
    "--docs-hosts",
    "A.example, b.example",
  ];
  expect(readOptions([...args, "--timeout", "2"], "hidden")).toEqual({
    kind: "options",
    options: {
      face: { kind: "http", port: 81 },
      where: { kind: "port", port: 9 },
      secret: { kind: "text", text: "hidden" },
      docs: "d",
      docsHosts: new Set(["a.example", "b.example"]),
      timeoutMs: 2_000,
    },
  });
});

it("prefers the secret of the file", () => {
  expect(readOptions(["--secret-file", "of-the-file"], "hidden")).toMatchObject({
    options: { secret: { kind: "file", file: "of-the-file" } },
  });
});

it.each([
  [["--editor-ports", "9-8"]],
  [["--editor-ports", "1-65"]],
  [["--editor-ports", "1-2-3"]],
  [["--editor-ports", "8"]],
  [["--editor-port", "65536"]],
  [["--editor-port", "0"]],
  [["--editor-port", "1", "--editor-ports", "1-2"]],
  [["--port", "1"]],
  [["--http", "--port", "x"]],
  [["--timeout", "0"]],
  [["--docs-hosts", "a,b/c"]],
  [["--docs-hosts", "localhost"]],
  [["--secret-file", ""]],
  [["--unknown"]],
  [["more"]],
])("refuses %j", (args) => {
  expect(readOptions(args, undefined).kind).toBe("wrong");
});

it("refuses a secret that no header can carry, and does not repeat it", () => {
  const read = readOptions([], "two words");
  expect(read.kind).toBe("wrong");
  expect(JSON.stringify(read)).not.toContain("two words");
});
