import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

/** Loaded before a program, it makes this Node say that it is an old one. */
const OLD = `data:text/javascript,${encodeURIComponent(
  'Object.defineProperty(process, "versions", { value: { ...process.versions, node: "20.20.2" } });',
)}`;

interface Ran {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

const help = (folder: string, ...before: readonly string[]): Ran => {
  const main = fileURLToPath(new URL(`../${folder}/main.ts`, import.meta.url));
  const ran = spawnSync(process.execPath, [...before, main, "--help"], { encoding: "utf8" });
  return { code: ran.status, out: ran.stdout, err: ran.stderr };
};

describe.each(["node-orchestrator", "uefn", "uefn-simulator"])("tollgate-%s", (folder) => {
  it("says which Node it needs, and does not start, on an older one", () => {
    expect(help(folder, "--import", OLD)).toEqual({
      code: 1,
      out: "",
      err: `tollgate-${folder} needs Node 24 or later; this is 20.20.2.\n`,
    });
  });

  it("gives its help as output on this one", () => {
    expect(help(folder)).toEqual({ code: 0, out: expect.stringContaining("--port N"), err: "" });
  });
});
