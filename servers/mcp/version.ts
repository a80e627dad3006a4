import { readFileSync } from "node:fs";
import { findPackageJSON } from "node:module";
import { z } from "zod";

const manifest = z.object({ version: z.string() });

const read = (): string => {
  const file = findPackageJSON(import.meta.url) ?? "package.json";
  return manifest.parse(JSON.parse(readFileSync(file, "utf8"))).version;
};

/** The version of the package that this server came with: its sources and its build lie at different depths of it. */
export const PACKAGE_VERSION = read();
