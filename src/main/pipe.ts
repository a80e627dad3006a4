import { PassThrough } from "node:stream";
import { EXIT } from "../cli/command.ts";

/** Resolves at the first of these signals. A second one ends the process at once, as if nobody listened. */
export const signal = (...names: readonly NodeJS.Signals[]): Promise<void> =>
  new Promise((resolve) => {
    const stop = (): void => {
      names.forEach((name) => process.off(name, stop));
      resolve();
    };
    names.forEach((name) => process.on(name, stop));
  });

/** Clients give what they started two seconds between SIGTERM and SIGKILL, after which nobody could end the server. */
const LAST_MS = 1_800;

/** Standard input, which a signal ends as the client does; what is not over soon after is ended with the process. */
export const inputUntil = (stopped: Promise<void>): PassThrough => {
  const input = new PassThrough();
  process.stdin.pipe(input);
  void stopped.then(() => {
    process.stdin.unpipe(input);
    process.stdin.destroy();
    input.end();
    setTimeout(() => process.exit(EXIT.done), LAST_MS).unref();
  });
  return input;
};
