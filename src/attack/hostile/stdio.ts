import { createInterface } from "node:readline";
import type { Hostile } from "./hostile.ts";

/** One message a line; a line that is none is passed over. */
export const serveStdio = (hostile: Hostile): void => {
  createInterface({ input: process.stdin }).on("line", (raw) => {
    for (const reply of hostile.take({ headers: {}, raw })) {
      if (reply !== undefined && reply !== "never") {
        process.stdout.write(`${JSON.stringify(reply)}\n`);
      }
    }
  });
};
