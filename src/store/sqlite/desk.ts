import type { WaitingActs } from "../../audit/port.ts";
import type { FreezeStore, GrantStore } from "../../grant/port.ts";
import { openDatabaseInPlace } from "./database.ts";
import { FREEZES_MIGRATION, freezeStoreIn, waitingActsIn } from "./freezes.ts";
import { GRANTS_MIGRATION, grantStoreIn } from "./grants.ts";
import { keepRoom } from "./room.ts";

/** What commands change, in one database. */
export interface DeskStore extends Disposable {
  readonly grants: GrantStore;
  readonly freezes: FreezeStore;
  readonly waiting: WaitingActs;
}

/**
 * Grants, freezes and acts that wait for the record, in SQLite. Every change is on stable storage when its call
 * returns: a revocation outlives a power cut. Room is set aside, so that it outlives a full disk too.
 */
export const openDeskStore = (path: string): DeskStore => {
  const database = openDatabaseInPlace(path, [GRANTS_MIGRATION, FREEZES_MIGRATION]);
  const written = (): void => keepRoom(database, path);
  written();
  return {
    grants: grantStoreIn(database, written),
    freezes: freezeStoreIn(database, written),
    waiting: waitingActsIn(database, written),
    [Symbol.dispose]: () => database.close(),
  };
};
