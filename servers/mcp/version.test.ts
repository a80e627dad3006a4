import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const PACKAGE = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")) as {
  readonly version: string;
};

describe.each(["node-orchestrator", "uefn", "uefn-simulator"])("tollgate-%s", (folder) => {
  const run = (...args: readonly string[]): { code: number | null; out: string; err: string } => {
    const main = fileURLToPath(new URL(`../${folder}/main.ts`, import.meta.url));
    const ran = spawnSync(process.execPath, [main, ...args], { input: "", encoding: "utf8" });
    return { code: ran.status, out: ran.stdout, err: ran.stderr };
  };

  it("says the version of the package", () => {
    expect(run("--version")).toEqual({ code: 0, out: `${PACKAGE.version}\n`, err: "" });
  });

  it.each([[["--colour"]], [["--port", "x"]], [["extra"]]])(
    "says how it is used, and exits with 2: %j",
    (args) => {
      const { code, out, err } = run(...args);
      expect([code, out]).toEqual([2, ""]);
      expect(err).toMatch(/^\S.*\n\n/u);
      expect(err).toContain(run("--help").out);
      expect(run("--help").out).toContain("--version");
    },
  );
});
