import { systemClock } from "../base/clock.ts";
import type { Where } from "../cli/ports.ts";
import { freezeCommands } from "../control/commands/freezes.ts";
import { listGrants } from "../control/commands/grant-desk.ts";
import type { FreezeCommands } from "../control/contract.ts";
import { remoteFreezes } from "../control/socket-client.ts";
import { declaredIn } from "../serve/declared.ts";
import { account } from "./account.ts";
import { actsOn, openControl } from "./control.ts";
import type { From } from "./ports.ts";

/** The kill switch of the gateway that holds the data directory; where none does, of the store itself. */
export const openFreezes = async (from: From, where: Where): Promise<FreezeCommands & AsyncDisposable> => {
  const commands = await openControl<FreezeCommands>(from, where, {
    remote: remoteFreezes,
    local: (store, config) =>
      freezeCommands({
        ...actsOn(store),
        store: store.freezes,
        holds: false,
        names: () => {
          const declared = declaredIn(config);
          const grants = listGrants({ store: store.grants, declared: () => declared, clock: systemClock });
          return {
            server: declared.servers,
            grant: grants.map(({ name }) => name),
            identity: declared.identities.map(({ name }) => name),
          };
        },
        unnamed:
          config.file === undefined
            ? "No gateway runs here and no configuration was found: name it with --config."
            : undefined,
        publish: () => {}, // Nobody serves: the next start reads the store.
      }),
  });
  const user = account();
  return {
    list: commands.list,
    freeze: (body) => commands.freeze({ ...body, ...user }),
    unfreeze: (body) => commands.unfreeze({ ...body, ...user }),
    [Symbol.asyncDispose]: () => commands[Symbol.asyncDispose](),
  };
};
