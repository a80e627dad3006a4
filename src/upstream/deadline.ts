import type { ServerSpec } from "./port.ts";

/** How long an answer is waited for. */
export interface Wait {
  readonly ms: number;
  /** With progress, at most this long in all. */
  readonly msMax: number;
}

export const callWait = ({ callMs, callMaxMs }: Pick<ServerSpec, "callMs" | "callMaxMs">): Wait => ({
  ms: callMs,
  msMax: Math.max(callMs, callMaxMs),
});
export const fixedWait = (ms: number): Wait => ({ ms, msMax: ms });
/** A subscription stays open until one side ends it (2026-07-28 "Subscriptions"). */
export const ENDLESS: Wait = { ms: Number.POSITIVE_INFINITY, msMax: Number.POSITIVE_INFINITY };

export interface Deadline {
  /** There was progress: the wait begins anew, within its bound. */
  readonly extend: () => void;
  /** The server is not to blame for what follows: until `extend`, only the bound of the whole wait holds. */
  readonly pause: () => void;
  /** The server waits for the client (`true`), and no longer does: that time counts for nothing, and the wait begins anew. */
  readonly hold: (held: boolean) => void;
  readonly clear: () => void;
}

const NEVER: Deadline = { extend: () => {}, pause: () => {}, hold: () => {}, clear: () => {} };

/** Calls `expire` once, when the wait is over, unless it is cleared. */
export const startDeadline = (wait: Wait, expire: () => void): Deadline => {
  if (wait.ms === Number.POSITIVE_INFINITY) {
    return NEVER;
  }
  let last = performance.now() + wait.msMax;
  let due = performance.now() + wait.ms;
  let rings = due;
  let timer: NodeJS.Timeout | undefined;
  /** Since when the time stands still. */
  let heldAt: number | undefined;
  let cleared = false;
  const arm = (): void => {
    clearTimeout(timer);
    if (heldAt === undefined && !cleared) {
      rings = due;
      timer = setTimeout(look, Math.max(1, due - performance.now()));
    }
  };
  const look = (): void => {
    if (performance.now() >= due - 1) {
      expire();
    } else {
      arm();
    }
  };
  const extend = (): void => {
    due = Math.min(last, performance.now() + wait.ms);
    // The timer is looked at when it rings: thousands of progress messages cost no timer each.
    if (due < rings) {
      arm();
    }
  };
  arm();
  return {
    extend,
    pause: () => {
      due = last;
    },
    hold: (held) => {
      if (held && heldAt === undefined) {
        heldAt = performance.now();
        clearTimeout(timer);
      } else if (!held && heldAt !== undefined) {
        last += performance.now() - heldAt;
        heldAt = undefined;
        due = Math.min(last, performance.now() + wait.ms);
        arm();
      }
    },
    clear: () => {
      cleared = true;
      clearTimeout(timer);
    },
  };
};
