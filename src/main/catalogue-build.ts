import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, isAbsolute, join, resolve } from "node:path";
import { compareCodePoints } from "../base/text.ts";
import { entryOf } from "../catalogue/book/entry-of.ts";
import { writeEntries } from "../catalogue/book/write-entries.ts";
import type { ServerEntry } from "../catalogue/entry.ts";
import { CommandFailure } from "../cli/command.ts";
import type { CatalogueBuildOptions, CatalogueBuilt } from "../cli/ports.ts";
import { makeFolder } from "../store/make-folder.ts";
import { SERVERS, SNAPSHOT } from "./catalogue.ts";
import { replaceFile, whyNot } from "./catalogue-files.ts";
import { listRealServers, type RealListing } from "./catalogue-real.ts";
import type { From } from "./ports.ts";

/** Makes the snapshot anew from the real servers. Nothing is written where one fails, unless it may be `partial`. */
export const buildCatalogue = async (from: From, options: CatalogueBuildOptions): Promise<CatalogueBuilt> => {
  const { cwd, env } = from.terminal;
  const listings = await listRealServers({
    ...from,
    servers: options.servers === undefined ? SERVERS : resolve(cwd, options.servers),
    cache: options.cache === undefined ? userCache(env) : resolve(cwd, options.cache),
    env,
    onProgress: options.onProgress,
  });
  const servers = listings.flatMap(entriesFrom).toSorted((a, b) => compareCodePoints(a.name, b.name));
  const failed = listings.flatMap(({ server, scan }) =>
    scan.ok ? [] : [{ name: server.name, reason: scan.reason, stderr: scan.stderr }],
  );
  const withheld = listings.flatMap(({ server, scan }) =>
    scan.ok ? [...scan.withheld].map(([tool, reason]) => ({ server: server.name, tool, reason })) : [],
  );
  const found = { servers, failed, withheld };
  if (servers.length === 0 || (failed.length > 0 && !options.partial)) {
    return { ...found, file: undefined, changed: false };
  }
  const file = options.out === undefined ? SNAPSHOT : resolve(cwd, options.out);
  return { ...found, file, changed: written(file, writeEntries(servers)) };
};

const entriesFrom = ({ server, scan }: RealListing): readonly ServerEntry[] => {
  if (!scan.ok) {
    return [];
  }
  const { name, package: named, version } = server;
  const { product, revision, tools } = scan;
  return [entryOf({ name, origin: { from: "package", package: named, version }, product, revision, tools })];
};

/** Whether the file has other bytes now. */
const written = (file: string, text: string): boolean => {
  try {
    if (before(file) === text) {
      return false;
    }
    makeFolder(dirname(file));
    replaceFile(file, text, 0o644);
    return true;
  } catch (error) {
    throw new CommandFailure(`${file} cannot be written (${whyNot(error)}).`);
  }
};

const before = (file: string): string | undefined => {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined; // It is written, or its writing says why not.
  }
};

/** `${XDG_CACHE_HOME:-~/.cache}/tollgate/catalogue`. A relative one is ignored, as its specification says. */
const userCache = (env: Readonly<Record<string, string | undefined>>): string => {
  const told = env["XDG_CACHE_HOME"] ?? "";
  const base = isAbsolute(told) ? told : join(env["HOME"] ?? homedir(), ".cache");
  return join(base, "tollgate", "catalogue");
};
