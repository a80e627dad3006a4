import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Program, ROOT } from "../support/gateway.ts";

export type Revision = "2025-11-25" | "2026-07-28";

export interface FailedCheck {
  readonly id: string;
  readonly message: string;
}

export interface FailedScenario {
  readonly scenario: string;
  readonly checks: readonly FailedCheck[];
}

/** How a run of the suite ended, over the scenarios that count for the revision. */
export interface SuiteResult {
  readonly passed: readonly string[];
  readonly failed: readonly FailedScenario[];
  /** As people quote it: `30/30`. */
  readonly figure: string;
}

const PACKAGE = join(ROOT, "node_modules", "@modelcontextprotocol", "conformance");

/** So long may one scenario take: none that passes takes more than a few seconds. */
const SCENARIO_MS_MAX = 15_000;

/** The scenarios that a revision requires of a server, frozen with it: the list `server` of its file. */
export const requiredScenarios = (revision: Revision): readonly string[] => {
  const text = readFileSync(join(PACKAGE, "requirements", `${revision}.yaml`), "utf8");
  const list = /^server:\n((?: {2}- [\w-]+\n)+)/mu.exec(text)?.[1] ?? "";
  return [...list.matchAll(/^ {2}- ([\w-]+)$/gmu)].map((found) => found[1] ?? "");
};

/** Runs the official suite once against an address. What it writes down goes to `directory`, which must be empty. */
export const runSuite = async (url: string, revision: Revision, directory: string): Promise<SuiteResult> => {
  const asked = ["--url", url, "--requirements", revision, "--output-dir", directory];
  await using suite = new Program([
    join(PACKAGE, "dist", "index.js"),
    "server",
    ...asked,
    "--timeout",
    String(SCENARIO_MS_MAX),
  ]);
  suite.child.stdin?.end();
  await suite.closed;
  const required = requiredScenarios(revision);
  const failed = required.flatMap((scenario): readonly FailedScenario[] => {
    const checks = failuresOf(directory, scenario);
    return checks.length === 0 ? [] : [{ scenario, checks }];
  });
  const failing = new Set(failed.map(({ scenario }) => scenario));
  const passed = required.filter((scenario) => !failing.has(scenario));
  return { passed, failed, figure: `${String(passed.length)}/${String(required.length)}` };
};

interface Check {
  readonly id: string;
  readonly status: string;
  readonly errorMessage?: string;
}

/**
 * What a scenario found wrong. Stricter than the suite: what it only warns of fails here too, and a scenario that
 * left no results, or found nothing good, has not passed.
 */
const failuresOf = (directory: string, scenario: string): readonly FailedCheck[] => {
  const checks = checksOf(directory, scenario);
  if (!checks.some(({ status }) => status === "SUCCESS")) {
    const [first] = checks;
    return [{ id: scenario, message: first?.errorMessage ?? "The scenario came to no end." }];
  }
  return checks
    .filter(({ status }) => status === "FAILURE" || status === "WARNING")
    .map(({ id, errorMessage }) => ({ id, message: errorMessage ?? "It failed without a message." }));
};

/** The suite names a directory after the scenario and the time. */
const checksOf = (directory: string, scenario: string): readonly Check[] => {
  const begins = new RegExp(`^server-${scenario}-\\d{4}-\\d\\d-\\d\\dT`, "u");
  const [only, ...others] = readdirSync(directory).filter((name) => begins.test(name));
  if (only === undefined || others.length > 0) {
    return [];
  }
  try {
    return JSON.parse(readFileSync(join(directory, only, "checks.json"), "utf8")) as readonly Check[];
  } catch {
    return []; // It was stopped before it wrote them.
  }
};
