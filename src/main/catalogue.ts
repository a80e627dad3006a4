import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { Pool } from "../catalogue/book/pool.ts";
import { compareCodePoints } from "../base/text.ts";
import { overriddenEntry, overridesBy, type Overrides } from "../catalogue/override.ts";
import type { Catalogue, FileProblem, Where } from "../cli/ports.ts";
import { entriesIn } from "./catalogue-files.ts";
import { keptEntries } from "./catalogue-scans.ts";
import { dataDirectory } from "./configuration.ts";
import type { From } from "./ports.ts";

const PACKAGE = dirname(fileURLToPath(new URL("../../package.json", import.meta.url)));
/** The real servers that the snapshot is built from. */
export const SERVERS = join(PACKAGE, "catalogue", "servers");
export const SNAPSHOT = join(PACKAGE, "catalogue", "snapshot.json");

/**
 * The package's snapshot and the scans of a data directory. A scan takes the place of a server of the same name. What
 * people say of tools is about servers of theirs, so about scans.
 */
export const openCatalogue = async (from: From, where: Where): Promise<Catalogue> => {
  const pool = new Pool();
  const scans = keptEntries(dataDirectory(from.terminal.cwd, where), pool);
  const said = await overridesFor(from, where, scans.servers.length > 0);
  const snapshot = entriesIn(SNAPSHOT, pool);
  const known = new Set(scans.servers.map(({ name }) => name));
  const others = snapshot.ok ? snapshot.servers.filter(({ name }) => !known.has(name)) : [];
  return {
    servers: [...scans.servers.map((entry) => overriddenEntry(entry, said.overrides)), ...others].toSorted(
      (a, b) => compareCodePoints(a.name, b.name),
    ),
    problems: [...(snapshot.ok ? [] : [snapshot.problem]), ...scans.problems, ...said.problems],
  };
};

/** Where they cannot be had, the catalogue's own verdicts are shown, and that is said. */
const overridesFor = async (
  from: From,
  where: Where,
  wanted: boolean,
): Promise<{ readonly overrides: Overrides; readonly problems: readonly FileProblem[] }> => {
  try {
    const list = wanted ? await (await import("./overrides.ts")).overridesOf(from, where) : [];
    return { overrides: overridesBy(list), problems: [] };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const message = `overrides cannot be read, so none is shown: ${reason}`;
    return { overrides: new Map(), problems: [{ file: "catalogue", message }] };
  }
};
