import type { FreezeStore } from "../grant/port.ts";

/** The freezes of a gateway that runs: one that cannot be stored holds all the same, while the gateway runs. */
export interface HeldFreezes extends FreezeStore {
  /** Stores what could not be stored before. Throws nothing. */
  readonly settle: () => void;
}

/**
 * The store is read once: it has one owner, and a database that cannot be read any more must not end a freeze. `put`
 * still throws where the freeze is not stored, so that nobody believes that it outlives the process.
 */
export const holdFreezes = (store: FreezeStore): HeldFreezes => {
  let all = store.list();
  const unsaved = new Set<string>();
  return {
    list: () => all,
    put: (freeze) => {
      all = [...all, freeze];
      unsaved.add(freeze.id);
      store.put(freeze);
      unsaved.delete(freeze.id);
    },
    remove: (id) => {
      const there = all.some((freeze) => freeze.id === id);
      store.remove(id); // Where this throws, the freeze stays in force.
      unsaved.delete(id);
      all = all.filter((freeze) => freeze.id !== id);
      return there;
    },
    settle: () => {
      try {
        for (const freeze of all.filter(({ id }) => unsaved.has(id))) {
          store.put(freeze);
          unsaved.delete(freeze.id);
        }
      } catch {
        // It holds meanwhile, and is tried again.
      }
    },
  };
};
