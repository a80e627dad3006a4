import { readFileSync } from "node:fs";
import { findPackageJSON } from "node:module";
import { z } from "zod";

const manifest = z.object({ version: z.string() });

/** The version of the package that this server came with: its sources and its build lie at different depths of it. */
export const packageVersion = (): string => {
  const file = findPackageJSON(import.meta.url) ?? "package.json";
  return manifest.parse(JSON.parse(readFileSync(file, "utf8"))).version;
};
