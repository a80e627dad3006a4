// Prints `N passed, N failed` for a JSON report of vitest as its only line, and exits with the tests' exit code.
// Usage: node summary.mjs REPORT EXIT_CODE. Plain JavaScript: it also runs where `npm ci` has failed.
import { readFileSync } from "node:fs";

const [, , path = "", exit = "1"] = process.argv;

/** A report that is missing or broken is a run that crashed: nothing passed, one thing failed. */
const read = () => {
  try {
    const report = JSON.parse(readFileSync(path, "utf8"));
    const count = (value) => (Number.isSafeInteger(value) && value >= 0 ? value : 0);
    const files = Array.isArray(report.testResults) ? report.testResults : [];
    // A file that does not load has no tests to fail: it counts as one.
    const unloaded = files.filter(
      (file) => file.status === "failed" && !file.assertionResults?.some((test) => test.status === "failed"),
    ).length;
    return { passed: count(report.numPassedTests), failed: count(report.numFailedTests) + unloaded };
  } catch {
    return { passed: 0, failed: 1 };
  }
};

const { passed, failed: counted } = read();
const code = Number(exit) || 0;
// A run that ended badly has a failure even if no test of it has: an error outside of any test, a kill.
const failed = counted === 0 && (code !== 0 || passed === 0) ? 1 : counted;

console.log(`${passed} passed, ${failed} failed`);
process.exitCode = code === 0 && failed > 0 ? 1 : code;
