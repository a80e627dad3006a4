import type { GrantMark, GrantStore } from "../grant/port.ts";

/** The grants of a gateway that runs: a mark that cannot be stored holds all the same, while the gateway runs. */
export interface HeldGrants extends GrantStore {
  /** Stores what could not be stored before. Throws nothing. */
  readonly settle: () => void;
}

/**
 * Only what ends a grant holds so: a mark that begins one anew is stored or not made. `mark` still throws where the mark
 * is not stored, so that nobody believes that it outlives the process.
 */
export const holdMarks = (store: GrantStore): HeldGrants => {
  const unsaved = new Map<string, GrantMark>();
  const mark = (made: GrantMark): void => {
    if (made.revokedAt !== undefined || made.expiredSeenAt !== undefined) {
      unsaved.set(made.name, made);
    }
    store.mark(made);
    unsaved.delete(made.name);
  };
  return {
    ...store,
    marks: () => [...store.marks().filter(({ name }) => !unsaved.has(name)), ...unsaved.values()],
    mark,
    settle: () => {
      try {
        [...unsaved.values()].forEach(mark);
      } catch {
        // They hold meanwhile, and are tried again.
      }
    },
  };
};
