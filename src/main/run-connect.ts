import { systemClock } from "../base/clock.ts";
import { CommandFailure, EXIT } from "../cli/command.ts";
import type { ConnectOptions } from "../cli/ports.ts";
import { connect } from "../serve/connect.ts";
import type { Found } from "../serve/connect-line.ts";
import { createLog } from "../serve/log.ts";
import { serverUrlFault } from "../upstream/guard.ts";
import { createMasker } from "../upstream/mask.ts";
import { inputUntil, signal } from "./pipe.ts";
import type { From } from "./ports.ts";

const EXITS = {
  answering: EXIT.done,
  unasked: EXIT.done,
  unreachable: EXIT.unreachable,
  refusing: EXIT.notAllowed,
} as const satisfies Record<Found, number>;

/** The stdio side of a remote gateway, for as long as the client keeps the pipe open. */
export const runConnect = async ({ terminal }: From, { url, token }: ConnectOptions): Promise<number> => {
  const fault = serverUrlFault(url);
  if (fault !== undefined) {
    throw new CommandFailure(`--url: ${fault}`, EXIT.usage);
  }
  const stopping = signal("SIGTERM", "SIGINT");
  const stopped = new AbortController();
  void stopping.then(() => stopped.abort());
  const found = await connect({
    url,
    token,
    input: inputUntil(stopping),
    write: terminal.out,
    stopped: stopped.signal,
    log: createLog({
      write: terminal.err,
      readable: terminal.errIsTerminal,
      level: "info",
      now: systemClock.now,
      mask: createMasker(token === undefined ? [] : [token]).maskText,
    }),
  });
  return EXITS[found];
};
