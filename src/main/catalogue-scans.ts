import { chmodSync, existsSync, lstatSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { LIMITS } from "../base/limits.ts";
import { Pool } from "../catalogue/book/pool.ts";
import { writeEntries } from "../catalogue/book/write-entries.ts";
import type { ServerEntry } from "../catalogue/entry.ts";
import type { Catalogue, FileProblem, Kept, KeptEntry, Where } from "../cli/ports.ts";
import { DataDirectoryUnusable, prepareDataDirectory } from "../store/data-dir.ts";
import { codeOf } from "../store/journal/segments.ts";
import { makeFolder } from "../store/make-folder.ts";
import { dataDirectory } from "./configuration.ts";
import { entriesIn, replaceFile, whyNot } from "./catalogue-files.ts";
import type { From } from "./ports.ts";

const FOLDER = "catalogue";
const SUFFIX = ".json";

/** What scans left in a data directory: one file a server. */
export const keptEntries = (data: string, pool: Pool): Catalogue => {
  const folder = join(data, FOLDER);
  const servers: ServerEntry[] = [];
  const problems: FileProblem[] = [];
  for (const name of namesIn(folder, problems)) {
    const file = join(folder, name);
    const read = entriesIn(file, pool);
    if (!read.ok) {
      problems.push(read.problem);
    } else if (read.servers.length !== 1 || read.servers[0]?.name !== name.slice(0, -SUFFIX.length)) {
      problems.push({
        file,
        pointer: "/servers",
        message: "it must hold one server, of the file's own name",
      });
    } else {
      servers.push(...read.servers);
    }
  }
  return { servers, problems };
};

const namesIn = (folder: string, problems: FileProblem[]): readonly string[] => {
  if (!existsSync(folder)) {
    return [];
  }
  try {
    const names = readdirSync(folder)
      .filter((name) => name.endsWith(SUFFIX))
      .toSorted();
    if (names.length > LIMITS.catalogue_servers_max) {
      const most = String(LIMITS.catalogue_servers_max);
      problems.push({
        file: folder,
        message: `more than ${most} scans are kept there; only so many are read`,
      });
    }
    return names.slice(0, LIMITS.catalogue_servers_max);
  } catch (error) {
    problems.push({ file: folder, message: `it cannot be read (${codeOf(error)})` });
    return [];
  }
};

/** What an earlier scan of this name left, or what is wrong with it. */
export const keptEntry = ({ terminal }: From, where: Where, name: string): KeptEntry => {
  const file = join(dataDirectory(terminal.cwd, where), FOLDER, `${name}${SUFFIX}`);
  if (!existsSync(file)) {
    return { entry: undefined };
  }
  const read = entriesIn(file, new Pool());
  if (!read.ok) {
    return { entry: undefined, problem: read.problem };
  }
  return { entry: read.servers.find((server) => server.name === name) };
};

/** Keeps an entry in the data directory, which is made where it is not there. A scan is worth something without that. */
export const keepEntry = ({ terminal }: From, where: Where, entry: ServerEntry): Kept => {
  const data = dataDirectory(terminal.cwd, where);
  const folder = join(data, FOLDER);
  const file = join(folder, `${entry.name}${SUFFIX}`);
  try {
    prepareDataDirectory(data);
    if (lstatSync(folder, { throwIfNoEntry: false })?.isSymbolicLink() === true) {
      return { ok: false, reason: `${folder} is a symbolic link, and nothing is written through one.` };
    }
    if (makeFolder(folder, 0o700)) {
      chmodSync(folder, 0o700); // Not left to the umask.
    }
    replaceFile(file, writeEntries([entry]), 0o600);
    return { ok: true, file };
  } catch (error) {
    if (error instanceof DataDirectoryUnusable) {
      return { ok: false, reason: error.message };
    }
    if (!isSystemError(error)) {
      throw error;
    }
    return { ok: false, reason: `${file} cannot be written (${whyNot(error)}).` };
  }
};

const isSystemError = (error: unknown): boolean => error instanceof Error && "syscall" in error;
