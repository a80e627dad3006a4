import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../support/gateway.ts";

interface Manifest {
  readonly version: string;
  readonly bin?: string | Readonly<Record<string, string>>;
}

const folderOf = (name: string): string => join(ROOT, "node_modules", name);

const manifestOf = (name: string): Manifest =>
  JSON.parse(readFileSync(join(folderOf(name), "package.json"), "utf8")) as Manifest;

export const versionOf = (name: string): string => manifestOf(name).version;

/** The file that a package's only command runs. */
export const commandOf = (name: string): string => {
  const { bin } = manifestOf(name);
  const [file, ...others] = typeof bin === "string" ? [bin] : Object.values(bin ?? {});
  if (file === undefined || others.length > 0) {
    throw new Error(`${name} has not exactly one command`);
  }
  return join(folderOf(name), file);
};
