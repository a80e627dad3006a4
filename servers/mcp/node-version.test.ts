import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

/** Loaded before a program, it makes this Node say that it is an old one. */
const OLD = `data:text/javascript,${encodeURIComponent(
  'Object.defineProperty(process, "versions", { value: { ...process.versions, node: "20.20.2" } });',
)}`;

const help = (folder: string, ...before: readonly string[]): { code: number | null; text: string } => {
  const main = fileURLToPath(new URL(`../${folder}/main.ts`, import.meta.url));
  const ran = spawnSync(process.execPath, [...before, main, "--help"], { encoding: "utf8" });
  return { code: ran.status, text: ran.stdout + ran.stderr };
};

describe.each(["node-orchestrator", "uefn", "uefn-simulator"])("tollgate-%s", (folder) => {
  it("says which Node it needs, and does not start, on an older one", () => {
    expect(help(folder, "--import", OLD)).toEqual({
      code: 1,
      text: `tollgate-${folder} needs Node 24 or later; this is 20.20.2.\n`,
    });
  });

  it("runs on this one", () => {
    const { code, text } = help(folder);
    expect(code).toBe(0);
    expect(text).toContain("--port N");
  });
});
