import { join } from "node:path";
import type { Clock } from "../base/clock.ts";
import type { GrantStore } from "../grant/port.ts";
import { auditKey, prepareDataDirectory } from "./data-dir.ts";
import { openJournal, type Journal } from "./journal/journal.ts";
import { takeLock } from "./lock.ts";
import { openGrantStore } from "./sqlite/grants.ts";
import { openRecords, type Records } from "./sqlite/records.ts";

export interface StoreOptions {
  readonly dataDirectory: string;
  /** Absolute path of the SQLite file for search; by default `tollgate.db` in the data directory. */
  readonly sqlitePath: string | undefined;
  readonly durability: "process" | "disk";
  readonly clock: Clock;
  readonly onFault: (message: string) => void;
}

/** Everything that is kept, open for this process alone. */
export interface Store extends AsyncDisposable {
  readonly journal: Journal;
  readonly records: Records;
  readonly grants: GrantStore;
  /** Key of keyed hashes in the record. */
  readonly auditKey: Uint8Array;
}

/** Where the parts of a data directory are. */
export const placesIn = (dataDirectory: string) => ({
  journal: join(dataDirectory, "journal"),
  grants: join(dataDirectory, "grants.db"),
  records: join(dataDirectory, "tollgate.db"),
  socket: join(dataDirectory, "control.sock"),
});

/** Opens a data directory as its owner. Throws `DataDirectoryHeld` where another process is. */
export const openStore = (options: StoreOptions): Store => {
  const { dataDirectory, durability, clock, onFault } = options;
  const places = placesIn(dataDirectory);
  prepareDataDirectory(dataDirectory);
  using opened = new DisposableStack();
  opened.use(takeLock(dataDirectory));
  const key = auditKey(dataDirectory);
  const grants = opened.use(openGrantStore(places.grants));
  const journal = opened.use(openJournal({ directory: places.journal, durability, clock }));
  const path = options.sqlitePath ?? places.records;
  const records = opened.use(openRecords({ path, journal: places.journal, onFault }));
  const held = opened.move();
  return {
    journal,
    records,
    grants,
    auditKey: key,
    [Symbol.asyncDispose]: async () => {
      await journal.flush().catch(() => {});
      held.dispose();
    },
  };
};
