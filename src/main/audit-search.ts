import { dirname } from "node:path";
import { systemClock } from "../base/clock.ts";
import { CommandFailure } from "../cli/command.ts";
import type { AuditSearch, ByteProgress } from "../cli/ports-audit.ts";
import type { Where } from "../cli/ports.ts";
import { problemLine } from "../cli/print.ts";
import { prepareDataDirectory } from "../store/data-dir.ts";
import { extentOf } from "../store/journal/extent.ts";
import { codeOf, START } from "../store/journal/segments.ts";
import { DataDirectoryHeld, takeLock } from "../store/lock.ts";
import { placesIn } from "../store/open.ts";
import { openCopy } from "../store/sqlite/copy-reader.ts";
import { CopyUnusable } from "../store/sqlite/records-database.ts";
import { Records } from "../store/sqlite/records.ts";
import { configurationAt } from "./configuration.ts";
import { requireRecord } from "./require-record.ts";
import type { From } from "./ports.ts";

/** Between two looks at how far the copy has come. */
const STEP_LINES = 4_000;

/** Why no file can be made in a directory: a record that was handed on is often read-only. */
const NOT_WRITABLE: ReadonlySet<string> = new Set(["EROFS", "EACCES", "EPERM", "ENOSPC"]);
/** SQLITE_READONLY, SQLITE_FULL, SQLITE_CANTOPEN; an extended code has more above its lowest byte. */
const SQLITE_UNWRITABLE: ReadonlySet<number> = new Set([8, 13, 14]);
const SQLITE_PRIMARY = 0xff;

interface Places {
  readonly data: string;
  readonly journal: string;
  readonly copy: string;
}

/**
 * The search copy of a data directory. Beside a gateway, which keeps it up to date, it is read. Where none runs it is
 * brought up to date first, or made anew: whoever searches wants what the journal has.
 */
export const openSearch = (from: From, where: Where, update: ByteProgress): AuditSearch => {
  const places = placesOf(from, where);
  const held = writing(places.data, () => lockOf(places.data));
  if (held === undefined) {
    return besideGateway(places);
  }
  using opened = new DisposableStack();
  opened.use(held);
  const onFault = (message: string): void => from.terminal.err(`${message}\n`);
  const { copy, journal } = places;
  const records = opened.use(writing(dirname(copy), () => new Records({ path: copy, journal, onFault })));
  const { totalBytes, bytesBefore } = extentOf(places.journal);
  const taken = (): number => bytesBefore(records.position ?? START);
  while (records.flush(STEP_LINES) > 0) {
    update(taken(), totalBytes);
  }
  const behindBytes = totalBytes - taken();
  const kept = opened.move();
  return {
    search: (query) => records.search(query),
    find: (id) => records.find(id),
    behindBytes: Math.max(0, behindBytes),
    [Symbol.dispose]: () => kept.dispose(),
  };
};

const placesOf = (from: From, where: Where): Places => {
  const { facts, loaded } = configurationAt(from, where);
  if (loaded === undefined) {
    const problems = facts.problems.map((problem) => problemLine(problem, (_, text) => text)).join("");
    throw new CommandFailure(
      `the configuration, which says where the search copy is, is not valid\n${problems.trimEnd()}`,
    );
  }
  const { journal, records } = placesIn(facts.data);
  requireRecord(facts.data, journal);
  return { data: facts.data, journal, copy: loaded.config.store.sqlitePath ?? records };
};

/** `undefined` where a gateway has it. */
const lockOf = (data: string): Disposable | undefined => {
  prepareDataDirectory(data);
  try {
    return takeLock(data, systemClock.now());
  } catch (error) {
    if (error instanceof DataDirectoryHeld) {
      return undefined;
    }
    throw error;
  }
};

/** A search where no copy can be made says what to do instead. */
const writing = <T>(directory: string, work: () => T): T => {
  try {
    return work();
  } catch (error) {
    if (NOT_WRITABLE.has(codeOf(error)) || isSqliteUnwritable(error)) {
      throw new CommandFailure(
        `${directory} cannot be written, and a search needs its copy there. Search in a copy of the data directory, ` +
          "or use audit tail and audit export, which read the record itself.",
      );
    }
    throw error;
  }
};

const isSqliteUnwritable = (error: unknown): boolean =>
  error instanceof Error &&
  "errcode" in error &&
  typeof error.errcode === "number" &&
  SQLITE_UNWRITABLE.has(error.errcode & SQLITE_PRIMARY);

const besideGateway = ({ journal, copy }: Places): AuditSearch => {
  const reader = usable(() => openCopy(copy));
  const { totalBytes, bytesBefore } = extentOf(journal);
  return {
    search: (query) => usable(() => reader.search(query)),
    find: (id) => usable(() => reader.find(id)),
    behindBytes: Math.max(0, totalBytes - bytesBefore(reader.position)),
    [Symbol.dispose]: () => reader[Symbol.dispose](),
  };
};

const usable = <T>(work: () => T): T => {
  try {
    return work();
  } catch (error) {
    if (error instanceof CopyUnusable) {
      throw new CommandFailure(
        `The search copy of the record cannot be used: ${error.message}. The gateway makes it anew at its next ` +
          "start. Until then use audit tail and audit export, which read the record itself.",
      );
    }
    throw error;
  }
};
