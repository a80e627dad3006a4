import type { WaitingActs } from "../../audit/port.ts";
import type { OverrideStore } from "../../catalogue/port.ts";
import type { FreezeStore, GrantStore } from "../../grant/port.ts";
import { openDatabaseInPlace } from "./database.ts";
import { FREEZE_COLUMNS, FREEZES_MIGRATION, freezeStoreIn, waitingActsIn } from "./freezes.ts";
import { GRANT_COLUMNS, GRANTS_MIGRATION, grantStoreIn, MARK_COLUMNS } from "./grants.ts";
import { OVERRIDES_MIGRATION, overrideStoreIn } from "./overrides.ts";
import { keepRoom } from "./room.ts";
import { attempt, inspect, sealing, withSeals } from "./seal.ts";

/** What commands change, in one database. */
export interface DeskStore extends Disposable {
  readonly grants: GrantStore;
  readonly freezes: FreezeStore;
  readonly overrides: OverrideStore;
  readonly waiting: WaitingActs;
}

/** The third migration: rows that were there before are sealed as they are. */
const SEALS_MIGRATION = [
  sealing("grants", GRANT_COLUMNS),
  sealing("grant_marks", MARK_COLUMNS),
  sealing("freezes", FREEZE_COLUMNS),
].join("; ");

/**
 * Grants, freezes, overrides and acts that wait for the record, in SQLite. Every change is on stable storage when its call
 * returns: a revocation outlives a power cut. Room is set aside, so that it outlives a full disk too.
 *
 * @throws DatabaseDamaged, then or when rows are read, where it is not as it was written
 */
export const openDeskStore = (path: string): DeskStore => attempt(() => open(path));

const open = (path: string): DeskStore => {
  const database = openDatabaseInPlace(
    path,
    [GRANTS_MIGRATION, FREEZES_MIGRATION, SEALS_MIGRATION, OVERRIDES_MIGRATION],
    (opened) => {
      inspect(opened);
      withSeals(opened);
    },
  );
  try {
    const written = (): void => keepRoom(database, path);
    written();
    return {
      grants: grantStoreIn(database, written),
      freezes: freezeStoreIn(database, written),
      overrides: overrideStoreIn(database, written),
      waiting: waitingActsIn(database, written),
      [Symbol.dispose]: () => database.close(),
    };
  } catch (error) {
    database.close();
    throw error;
  }
};
