import { LIMITS } from "../base/limits.ts";

/** The time-out of a request under way, which stands still while its client is asked something. */
export interface Clock {
  /** Stops it until what it returns is called, and not for ever. */
  readonly stop: () => () => void;
}

/** `hold`: told when the time begins to stand still, and when it goes on. Several may have stopped it at once. */
export const createClock = (hold: (held: boolean) => void): Clock => {
  let stops = 0;
  return {
    stop: () => {
      let going = false;
      stops += 1;
      if (stops === 1) {
        hold(true);
      }
      const go = (): void => {
        clearTimeout(timer);
        if (!going) {
          going = true;
          stops -= 1;
          if (stops === 0) {
            hold(false);
          }
        }
      };
      const timer = setTimeout(go, LIMITS.held_ms_max).unref();
      return go;
    },
  };
};
