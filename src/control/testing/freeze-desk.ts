import type { AdminRecord } from "../../audit/record.ts";
import type { FreezeStore, StoredFreeze } from "../../grant/port.ts";
import type { FreezeDesk } from "../commands/freeze-desk.ts";
import { memoryWaiting } from "./desk.ts";

export interface TestFreezes extends FreezeDesk {
  readonly acts: AdminRecord[];
  readonly published: () => number;
  /** What refuses from now on: "ledger", "store", "waiting"; nothing, to mend all. */
  readonly fail: (...what: readonly string[]) => void;
}

/** A kill switch in memory. */
export const testFreezes = (now: () => number = () => 1_000, holds = true): TestFreezes => {
  const acts: AdminRecord[] = [];
  const freezes = new Map<string, StoredFreeze>();
  const waiting = memoryWaiting();
  let failing: readonly string[] = [];
  let published = 0;
  const check = (what: string): void => {
    if (failing.includes(what)) {
      throw new Error("no room on the device");
    }
  };
  const store: FreezeStore = {
    list: () => [...freezes.values()],
    put: (freeze) => {
      check("store");
      freezes.set(freeze.id, freeze);
    },
    remove: (id) => {
      check("store");
      return freezes.delete(id);
    },
  };
  return {
    store,
    ledger: {
      admin: (record) => {
        check("ledger");
        acts.push(record);
      },
    },
    waiting: {
      ...waiting,
      put: (act) => {
        check("waiting");
        waiting.put(act);
      },
    },
    holds,
    names: () => ({ server: ["billing", "crm"], grant: ["nightly"], identity: ["ana"] }),
    clock: { now },
    by: "test",
    publish: () => {
      published += 1;
    },
    acts,
    published: () => published,
    fail: (...what) => {
      failing = what;
    },
  };
};
