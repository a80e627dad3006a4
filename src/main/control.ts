import { CommandFailure } from "../cli/command.ts";
import type { Where } from "../cli/ports.ts";
import { problemLine } from "../cli/print.ts";
import { systemClock } from "../base/clock.ts";
import type { Config } from "../config.ts";
import { createFlush } from "../control/commands/tend.ts";
import { ControlUnreachable } from "../control/contract.ts";
import { connectControl, type ControlClient } from "../control/socket-client.ts";
import { DataDirectoryHeld } from "../store/lock.ts";
import { openStore, type Store } from "../store/open.ts";
import { configurationAt, dataDirectory } from "./configuration.ts";
import type { From } from "./ports.ts";

/** Either way to the same commands. */
export interface Ways<T> {
  /** Through the gateway that holds the data directory. */
  readonly remote: (client: ControlClient) => T;
  /** On the store itself, where none does. */
  readonly local: (store: Store, config: Config) => T;
}

export const openControl = async <T extends object>(
  from: From,
  where: Where,
  ways: Ways<T>,
): Promise<T & AsyncDisposable> => {
  const client = await connectControl(dataDirectory(from.terminal.cwd, where));
  if (client !== undefined) {
    return {
      ...ways.remote(client),
      [Symbol.asyncDispose]: () => {
        client[Symbol.dispose]();
        return Promise.resolve();
      },
    };
  }
  const { facts, loaded } = configurationAt(from, where);
  if (loaded === undefined) {
    const problems = facts.problems.map((problem) => problemLine(problem, (_, text) => text)).join("");
    throw new CommandFailure(`the configuration is not valid\n${problems.trimEnd()}`);
  }
  const store = openHeld(loaded.config, facts.data, from);
  await createFlush({ ledger: store.journal, waiting: store.waiting })();
  return { ...ways.local(store, loaded.config), [Symbol.asyncDispose]: () => store[Symbol.asyncDispose]() };
};

/** What acts need besides the store of what they change. */
export const actsOn = (store: Store) => ({
  ledger: store.journal,
  waiting: store.waiting,
  clock: systemClock,
  by: "local",
});

const openHeld = (config: Config, data: string, { terminal }: From): Store => {
  try {
    return openStore({
      dataDirectory: data,
      sqlitePath: config.store.sqlitePath,
      durability: config.audit.durability,
      clock: systemClock,
      search: false,
      onFault: (message) => terminal.err(`${message}\n`),
    });
  } catch (error) {
    if (error instanceof DataDirectoryHeld) {
      const sentence = `The data directory ${data} is in use by process ${String(error.pid)},`;
      throw new ControlUnreachable(
        `${sentence} which does not answer on its control socket. Try again, or stop it.`,
      );
    }
    throw error;
  }
};
