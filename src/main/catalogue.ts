import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { Pool } from "../catalogue/book/pool.ts";
import { compareCodePoints } from "../base/text.ts";
import type { Catalogue, Where } from "../cli/ports.ts";
import { entriesIn } from "./catalogue-files.ts";
import { keptEntries } from "./catalogue-scans.ts";
import { dataDirectory } from "./configuration.ts";
import type { From } from "./ports.ts";

const PACKAGE = dirname(fileURLToPath(new URL("../../package.json", import.meta.url)));
/** The real servers that the snapshot is built from. */
export const SERVERS = join(PACKAGE, "catalogue", "servers");
export const SNAPSHOT = join(PACKAGE, "catalogue", "snapshot.json");

/** The package's snapshot and the scans of a data directory. A scan takes the place of a server of the same name. */
export const openCatalogue = ({ terminal }: From, where: Where): Catalogue => {
  const pool = new Pool();
  const scans = keptEntries(dataDirectory(terminal.cwd, where), pool);
  const snapshot = entriesIn(SNAPSHOT, pool);
  const known = new Set(scans.servers.map(({ name }) => name));
  const others = snapshot.ok ? snapshot.servers.filter(({ name }) => !known.has(name)) : [];
  return {
    servers: [...scans.servers, ...others].toSorted((a, b) => compareCodePoints(a.name, b.name)),
    problems: [...(snapshot.ok ? [] : [snapshot.problem]), ...scans.problems],
  };
};
