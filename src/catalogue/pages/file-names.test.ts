import { describe, expect, it } from "vitest";
import { fileName, fileNames } from "./file-names.ts";
import { HOSTILE_NAMES } from "./testing/entries.ts";

describe("names of files", () => {
  it("are the tools' own where those are plain", () => {
    expect(["read_file", "get-user", "a", "2fa"].map((name) => fileName(name))).toEqual([
      "read_file",
      "get-user",
      "a",
      "2fa",
    ]);
  });

  it("are safe on every file system, whatever the tool is called", () => {
    for (const name of fileNames(HOSTILE_NAMES)) {
      expect(name).toMatch(/^[a-z0-9][a-z0-9_-]{0,63}(?:~[0-9a-f]{16})?$/u);
      expect(name).not.toMatch(/^(?:con|prn|aux|nul|com\d|lpt\d)$/u);
      expect(name.length).toBeLessThan(82);
    }
  });

  it("are all different, also where the names are the same", () => {
    const names = [...HOSTILE_NAMES, "get", "get", "Get", "GET", "get", "</", "</"];
    expect(new Set(fileNames(names)).size).toBe(names.length);
  });

  it("cannot be made to meet: no plain name has what marks a hash", () => {
    expect(fileName(fileName("Get"))).not.toBe(fileName("Get"));
  });

  it("stay what they are", () => {
    expect(fileName("Get User!")).toBe(fileName("Get User!"));
    expect(fileName("Get User!")).toMatch(/^get-user~/u);
    expect(fileName("con")).toMatch(/^con~/u);
    expect(fileName("../../x")).toMatch(/^x~/u);
    expect(fileName("🙂")).toMatch(/^tool~/u);
  });
});
