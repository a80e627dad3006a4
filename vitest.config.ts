import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** Where a JSON report is wanted beside what a person reads, or nothing. */
const report = process.env["VITEST_JSON_REPORT"];

/** Where processes that tests start find what others have compiled: starting them is most of what the tests do. */
const COMPILED = fileURLToPath(new URL("node_modules/.cache/tollgate-compiled", import.meta.url));

/** Files that take minutes, the slowest first: begun last they would run alone at the end. */
const SLOW = [
  "test/catalogue/accuracy.test.ts",
  "test/interop/matrix.test.ts",
  "test/conformance/conformance.test.ts",
  "test/faults/",
  "test/attack-database/patterns.test.ts",
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
    env: { NODE_COMPILE_CACHE: COMPILED },
    passWithNoTests: false,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Tests start processes on machines that are busy: how long something takes is never what is tested.
    expect: { poll: { timeout: 15_000 } },
    pool: "forks",
    // One more than cores: tests wait for processes, too.
    maxWorkers: 3,
    sequence: { sequencer: SlowFirst },
    reporters: report === undefined ? ["default"] : ["default", ["json", { outputFile: report }]],
  },
});
