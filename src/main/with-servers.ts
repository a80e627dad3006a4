import { constants } from "node:os";

/** What ends a command from outside: Ctrl-C, `kill`, a terminal that is closed. */
const ENDS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** A shell's exit code for what a signal ended. */
const SIGNAL_EXIT = 128;

const end = (signal: NodeJS.Signals): never => process.exit(SIGNAL_EXIT + constants.signals[signal]);

let running = 0;

/**
 * Work that has servers running. They are ended when this process exits, which it does not where it dies of a signal:
 * so a signal makes it exit.
 */
export const withServers = async <Value>(work: () => Promise<Value>): Promise<Value> => {
  if (running === 0) {
    ENDS.forEach((signal) => process.on(signal, end));
  }
  running += 1;
  try {
    return await work();
  } finally {
    running -= 1;
    if (running === 0) {
      ENDS.forEach((signal) => process.off(signal, end));
    }
  }
};
