import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

const ROOT = fileURLToPath(new URL("..", import.meta.url));

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "tollgate-ci-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const summary = (code: number): { readonly line: string; readonly code: number | null } => {
  const run = spawnSync(
    process.execPath,
    [join(ROOT, ".ci/summary.mjs"), join(folder, "report.json"), String(code)],
    { encoding: "utf8" },
  );
  return { line: run.stdout, code: run.status };
};

/** Runs the project's vitest, with its configuration's reporters, on planted files, then the closing line. */
const runPlanted = (
  files: Readonly<Record<string, string>>,
): { readonly line: string; readonly code: number | null } => {
  mkdirSync(join(folder, "test"));
  for (const [name, text] of Object.entries(files)) {
    writeFileSync(join(folder, "test", name), text);
  }
  const vitest = join(ROOT, "node_modules/vitest/vitest.mjs");
  const config = join(ROOT, "vitest.config.ts");
  const run = spawnSync(
    process.execPath,
    [vitest, "run", "--root", folder, "--config", config, "--globals", "--dir", folder, "--no-color"],
    { encoding: "utf8", env: { ...process.env, VITEST_JSON_REPORT: join(folder, "report.json") } },
  );
  return summary(run.status ?? 1);
};

describe("the script of continuous integration", () => {
  it("calls the README's test command on a line of its own, and can be executed", () => {
    const path = join(ROOT, ".ci/run");
    expect(readFileSync(path, "utf8").split("\n")).toContain("npm ci && npm test");
    expect(statSync(path).mode & 0o111).not.toBe(0);
  });
});

describe("its closing line", () => {
  it("counts what passed and what failed", () => {
    writeFileSync(
      join(folder, "report.json"),
      '{ "numPassedTests": 5, "numFailedTests": 2, "testResults": [] }',
    );
    expect(summary(1)).toEqual({ line: "5 passed, 2 failed\n", code: 1 });
  });

  it("says that all passed only where the run ended well", () => {
    writeFileSync(
      join(folder, "report.json"),
      '{ "numPassedTests": 5, "numFailedTests": 0, "testResults": [] }',
    );
    expect(summary(0)).toEqual({ line: "5 passed, 0 failed\n", code: 0 });
    expect(summary(137)).toEqual({ line: "5 passed, 1 failed\n", code: 137 });
  });

  it("is a failure where there is no report, a broken one, or no test", () => {
    expect(summary(0)).toEqual({ line: "0 passed, 1 failed\n", code: 1 });
    writeFileSync(join(folder, "report.json"), '{ "numPassedTests": 5, "numFa');
    expect(summary(0)).toEqual({ line: "0 passed, 1 failed\n", code: 1 });
    writeFileSync(
      join(folder, "report.json"),
      '{ "numPassedTests": 0, "numFailedTests": 0, "testResults": [] }',
    );
    expect(summary(0)).toEqual({ line: "0 passed, 1 failed\n", code: 1 });
  });

  it("counts a real run in which a test fails and a file does not load", () => {
    const files = {
      "a.test.ts": 'it("passes", () => {}); it("fails", () => { throw new Error("planted"); });',
      "b.test.ts": 'import "./nothing.ts"; it("is never seen", () => {});',
    };
    expect(runPlanted(files)).toEqual({ line: "1 passed, 2 failed\n", code: 1 });
  });

  it("counts a real run that breaks outside of any test", () => {
    const files = { "a.test.ts": 'it("passes", () => { void Promise.reject(new Error("planted")); });' };
    expect(runPlanted(files)).toEqual({ line: "1 passed, 1 failed\n", code: 1 });
  });

  it("counts a real run in which a test ends its process", () => {
    const files = { "a.test.ts": 'it("dies", () => { process.kill(process.pid, "SIGKILL"); });' };
    expect(runPlanted(files)).toEqual({ line: "0 passed, 1 failed\n", code: 1 });
  });

  it("counts a real run without tests", () => {
    expect(runPlanted({})).toEqual({ line: "0 passed, 1 failed\n", code: 1 });
  });
});
