import { defineConfig } from "vitest/config";

/** Where a JSON report is wanted beside what a person reads, or nothing. */
const report = process.env["VITEST_JSON_REPORT"];

export default defineConfig({
  test: {
    include: ["src/**/*.test.ts", "servers/**/*.test.ts", "test/**/*.test.ts", "bench/**/*.test.ts"],
    passWithNoTests: false,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Tests start processes on machines that are busy: how long something takes is never what is tested.
    expect: { poll: { timeout: 15_000 } },
    pool: "forks",
    maxWorkers: 2,
    reporters: report === undefined ? ["default"] : ["default", ["json", { outputFile: report }]],
  },
});
