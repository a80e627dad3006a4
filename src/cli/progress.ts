import type { Clock } from "../base/clock.ts";
import { painter, type Terminal } from "./terminal.ts";

const EVERY_MS = 100;
const BAR = 24;
const WIPE = "\r\u001B[2K";

/** Tells how far long work is. Disposing of it takes the bar away. */
export interface Progress extends Disposable {
  /** Both in bytes, or what is counted. May be called as often as one likes. */
  readonly update: (done: number, total: number) => void;
}

interface ProgressOptions {
  readonly beside?: boolean;
  /** The work is known to be long. */
  readonly atOnce?: boolean;
  /** How much all of it is, as text. */
  readonly counted?: (total: number) => string;
}

/**
 * A bar on standard error, where that is a terminal. `beside` says that standard output is written to meanwhile: on a
 * terminal that would be the same one, so there is no bar.
 */
export const startProgress = (
  terminal: Terminal,
  what: string,
  clock: Clock,
  { beside = false, atOnce = false, counted = byteText }: ProgressOptions = {},
): Progress => {
  const hidden =
    !terminal.errIsTerminal || terminal.env["TERM"] === "dumb" || (beside && terminal.outIsTerminal);
  const paint = painter(terminal, "err");
  let due = clock.now() + (atOnce ? 0 : EVERY_MS); // Quick work ends before there is a bar.
  let shown = false;
  return {
    update: (done, total) => {
      const time = clock.now();
      if (hidden || time < due) {
        return;
      }
      due = time + EVERY_MS;
      shown = true;
      const part = total > 0 ? Math.min(1, done / total) : 1;
      const full = Math.floor(part * BAR);
      const bar = `${"█".repeat(full)}${paint("dim", "░".repeat(BAR - full))}`;
      const percent = `${String(Math.floor(part * 100)).padStart(3)} %`;
      terminal.err(`${WIPE}${what} ${bar} ${percent} of ${counted(total)}`);
    },
    [Symbol.dispose]: () => {
      if (shown) {
        shown = false;
        terminal.err(WIPE);
      }
    },
  };
};

const UNITS = ["B", "KiB", "MiB", "GiB", "TiB"] as const;

/** `1536` → `1.5 KiB`. */
export const byteText = (bytes: number): string => {
  let [value, unit] = [bytes, 0];
  while (value >= 1_024 && unit < UNITS.length - 1) {
    value /= 1_024;
    unit += 1;
  }
  return `${unit === 0 ? String(value) : value.toFixed(1)} ${UNITS[unit] ?? ""}`;
};
