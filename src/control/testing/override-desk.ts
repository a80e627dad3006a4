import type { AdminRecord } from "../../audit/record.ts";
import type { OverrideStore, StoredOverride } from "../../catalogue/port.ts";
import type { OverrideDesk } from "../commands/override-desk.ts";
import { memoryWaiting } from "./desk.ts";

export interface TestOverrides extends OverrideDesk {
  readonly acts: AdminRecord[];
  /** What happened, in order: "recorded", "stored", "published". */
  readonly steps: string[];
  /** What refuses from now on: "ledger", "store"; nothing, to mend all. */
  readonly fail: (...what: readonly string[]) => void;
}

/** Overrides in memory. The ledger takes a turn for each act, as a real one does. */
export const testOverrides = (now: () => number = () => 1_000): TestOverrides => {
  const acts: AdminRecord[] = [];
  const steps: string[] = [];
  const overrides = new Map<string, StoredOverride>();
  let failing: readonly string[] = [];
  const check = (what: string): void => {
    if (failing.includes(what)) {
      throw new Error("no room on the device");
    }
  };
  const store: OverrideStore = {
    list: () => [...overrides.values()],
    put: (override) => {
      check("store");
      steps.push("stored");
      overrides.set(`${override.server} ${override.tool}`, override);
    },
    remove: (server, tool) => {
      check("store");
      steps.push("stored");
      return overrides.delete(`${server} ${tool}`);
    },
  };
  return {
    store,
    ledger: {
      admin: async (record) => {
        check("ledger");
        await Promise.resolve();
        steps.push("recorded");
        acts.push(record);
      },
    },
    waiting: memoryWaiting(),
    servers: () => ["billing", "crm"],
    clock: { now },
    by: "test",
    publish: () => void steps.push("published"),
    acts,
    steps,
    fail: (...what) => {
      failing = what;
    },
  };
};
