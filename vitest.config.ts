import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** Where a JSON report is wanted beside what a person reads, or nothing. */
const report = process.env["VITEST_JSON_REPORT"];

/** Files that take minutes, the slowest first: begun last they would run alone at the end. */
const SLOW = [
  "test/catalogue/accuracy.test.ts",
  "test/interop/matrix.test.ts",
  "test/conformance/conformance.test.ts",
  "test/faults/",
  "test/docs.test.ts",
];

const rank = ({ moduleId }: TestSpecification): number => {
  const at = SLOW.findIndex((path) => moduleId.includes(path));
  return at === -1 ? SLOW.length : at;
};

class SlowFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    return sorted.sort((one, other) => rank(one) - rank(other));
  }
}

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
    sequence: { sequencer: SlowFirst },
    reporters: report === undefined ? ["default"] : ["default", ["json", { outputFile: report }]],
  },
});
