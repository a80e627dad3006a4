import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";

/** A directory for one test. */
export const temporaryDirectory = (): string => {
  const directory = mkdtempSync(join(tmpdir(), "tollgate-store-"));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
};
