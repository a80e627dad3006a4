import { isInForce } from "../../grant/freeze.ts";
import type { StoredFreeze } from "../../grant/port.ts";
import { actRecord } from "./acts.ts";
import { viewOf, type FreezeDesk } from "./freeze-desk.ts";

/**
 * Takes freezes away that have ended by themselves, which changes nothing for calls: they are judged by the clock. The
 * act waits for the record like others, so that it is not lost in between. Throws nothing.
 */
export const createExpiry = (desk: FreezeDesk): (() => void) => {
  /** Noted, and not yet taken away. */
  const noted = new Set<string>();
  const end = (ended: StoredFreeze): void => {
    if (!noted.has(ended.id)) {
      const view = viewOf(ended);
      const act = { act: "freeze.expired", subject: view.what, before: view, after: undefined };
      desk.waiting.put(actRecord({ clock: desk.clock, by: "gateway" }, act));
      noted.add(ended.id);
    }
    desk.store.remove(ended.id);
    noted.delete(ended.id);
  };
  return () => {
    const now = desk.clock.now();
    for (const ended of desk.store.list().filter((each) => !isInForce(each, now))) {
      try {
        end(ended);
      } catch {
        return; // The disk is full. It stays until it can be noted and taken away.
      }
      desk.publish();
    }
  };
};

/** Writes acts that wait into the record, as soon as it takes them. Throws nothing; one run at a time. */
export const createFlush = ({
  ledger,
  waiting,
}: Pick<FreezeDesk, "ledger" | "waiting">): (() => Promise<void>) => {
  /** In the record, and not yet out of the list. */
  const written = new Set<string>();
  let isRunning = false;
  const flush = async (): Promise<void> => {
    for (const act of waiting.list()) {
      if (!written.has(act.id)) {
        await ledger.admin(act);
        written.add(act.id);
      }
      waiting.remove(act.id);
      written.delete(act.id);
    }
  };
  return async () => {
    if (isRunning) {
      return;
    }
    isRunning = true;
    try {
      await flush();
    } catch {
      // The next run tries again.
    } finally {
      isRunning = false;
    }
  };
};
