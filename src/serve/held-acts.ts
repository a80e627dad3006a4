import type { WaitingActs } from "../audit/port.ts";
import type { AdminRecord } from "../audit/record.ts";

/** Acts that wait for the record: where the store takes none either, they wait in memory while the gateway runs. */
export const holdActs = (store: WaitingActs): WaitingActs => {
  const unsaved = new Map<string, AdminRecord>();
  return {
    // The ids of acts begin with their time.
    list: () => [...store.list(), ...unsaved.values()].toSorted((a, b) => (a.id < b.id ? -1 : 1)),
    put: (act) => {
      try {
        store.put(act);
      } catch {
        unsaved.set(act.id, act);
      }
    },
    remove: (id) => {
      if (!unsaved.delete(id)) {
        store.remove(id);
      }
    },
  };
};
