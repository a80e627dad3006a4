import type { KeyObject } from "node:crypto";
import { join } from "node:path";
import type { Clock } from "../base/clock.ts";
import type { WaitingActs } from "../audit/port.ts";
import type { OverrideStore } from "../catalogue/port.ts";
import type { FreezeStore, GrantStore } from "../grant/port.ts";
import { auditKeyIn, prepareDataDirectory, signingKeyIn } from "./data-dir.ts";
import { requireEnd } from "./end-there.ts";
import { requireGrants } from "./grants-there.ts";
import { DroppedSegments } from "./journal/dropped-segments.ts";
import { openJournal } from "./journal/open-journal.ts";
import type { Journal } from "./journal/journal.ts";
import { takeLock } from "./lock.ts";
import { openDeskStore } from "./sqlite/desk.ts";
import { checkPlace } from "./sqlite/records.ts";
import { RecordsThread } from "./sqlite/records-thread.ts";

interface StoreOptions {
  readonly dataDirectory: string;
  /** Absolute path of the SQLite file for search; by default `tollgate.db` in the data directory. */
  readonly sqlitePath: string | undefined;
  readonly durability: "process" | "disk";
  readonly clock: Clock;
  /** Whether the search copy is filled meanwhile. What is not taken in now is at the next start that does. */
  readonly search: boolean;
  /** Told, in a sentence for the operator, of what went wrong beside the record. */
  readonly onFault: (message: string) => void;
}

/** Everything that is kept, open for this process alone. */
export interface Store extends AsyncDisposable {
  readonly journal: Journal;
  /** What stands for segments of the journal that retention dropped. */
  readonly dropped: DroppedSegments;
  /** The search copy, which a thread fills. */
  readonly records: Pick<RecordsThread, "position">;
  readonly grants: GrantStore;
  readonly freezes: FreezeStore;
  /** What people said of tools. */
  readonly overrides: OverrideStore;
  /** Acts that are not in the journal yet. */
  readonly waiting: WaitingActs;
  /** Key of keyed hashes in the record. */
  readonly auditKey: KeyObject;
  /** Ed25519 key of signed heads. */
  readonly signingKey: KeyObject;
}

/** Where the parts of a data directory are. Grants stand apart: the search copy may be thrown away, they may not. */
export const placesIn = (dataDirectory: string) => ({
  journal: join(dataDirectory, "journal"),
  grants: join(dataDirectory, "grants.db"),
  records: join(dataDirectory, "tollgate.db"),
});

/**
 * Opens a data directory as its owner.
 *
 * @throws DataDirectoryHeld where another process is that; DataDirectoryUnusable; JournalDamaged
 */
export const openStore = (options: StoreOptions): Store => {
  const { dataDirectory, durability, clock, onFault } = options;
  const places = placesIn(dataDirectory);
  prepareDataDirectory(dataDirectory);
  using opened = new DisposableStack();
  opened.use(takeLock(dataDirectory, clock.now()));
  const auditKey = auditKeyIn(dataDirectory);
  const signingKey = signingKeyIn(dataDirectory);
  requireGrants(dataDirectory, places);
  const { grants, freezes, overrides, waiting } = opened.use(openDeskStore(places.grants));
  requireEnd(dataDirectory, places.journal, signingKey);
  const dropped = new DroppedSegments(places.journal, signingKey);
  const path = options.sqlitePath ?? places.records;
  const gone = (): number => dropped.through;
  checkPlace(path);
  const journal = openJournal({ directory: places.journal, durability, clock, onFault, dropped });
  const thread = options.search
    ? new RecordsThread({ path, journal: places.journal, onFault, gone })
    : undefined;
  const held = opened.move();
  return {
    journal,
    dropped,
    records: thread ?? { position: undefined },
    grants,
    freezes,
    overrides,
    waiting,
    auditKey,
    signingKey,
    [Symbol.asyncDispose]: async () => {
      // Last lines first: the search copy takes them in before it closes, and the lock goes last.
      await journal[Symbol.asyncDispose]();
      await thread?.[Symbol.asyncDispose]();
      held.dispose();
    },
  };
};
