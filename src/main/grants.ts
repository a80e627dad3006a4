import { systemClock } from "../base/clock.ts";
import { CommandFailure } from "../cli/command.ts";
import type { Where } from "../cli/ports.ts";
import { problemLine } from "../cli/print.ts";
import { grantCommands } from "../control/commands/grants.ts";
import { ControlUnreachable, type GrantCommands } from "../control/contract.ts";
import { connectControl, remoteGrants } from "../control/socket-client.ts";
import type { Config } from "../config.ts";
import { DataDirectoryHeld } from "../store/lock.ts";
import { openStore, type Store } from "../store/open.ts";
import { configurationAt, dataDirectory } from "./configuration.ts";
import type { From } from "./ports.ts";

/** Grants through the gateway that holds the data directory; where none does, on the store itself. */
export const openGrants = async (from: From, where: Where): Promise<GrantCommands & AsyncDisposable> => {
  const client = await connectControl(dataDirectory(from.terminal.cwd, where));
  if (client !== undefined) {
    return {
      ...remoteGrants(client),
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
  return {
    ...grantCommands({
      store: store.grants,
      ledger: store.journal,
      declared: () => ({
        grants: loaded.config.grants,
        identities: loaded.config.identities,
        servers: loaded.config.servers.map(({ spec }) => spec.name),
        policies: loaded.config.policies.map(({ name }) => name),
      }),
      clock: systemClock,
      by: "local",
      publish: () => {}, // Nobody serves: the next start reads the store.
    }),
    [Symbol.asyncDispose]: () => store[Symbol.asyncDispose](),
  };
};

const openHeld = (config: Config, data: string, { terminal }: From): Store => {
  try {
    return openStore({
      dataDirectory: data,
      sqlitePath: config.store.sqlitePath,
      durability: config.audit.durability,
      clock: systemClock,
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
