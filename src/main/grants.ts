import type { Where } from "../cli/ports.ts";
import { grantCommands } from "../control/commands/grants.ts";
import type { GrantCommands } from "../control/contract.ts";
import { remoteGrants } from "../control/socket-client.ts";
import { declaredIn } from "../serve/declared.ts";
import { actsOn, openControl } from "./control.ts";
import type { From } from "./ports.ts";

/** Grants through the gateway that holds the data directory; where none does, on the store itself. */
export const openGrants = (from: From, where: Where): Promise<GrantCommands & AsyncDisposable> =>
  openControl(from, where, {
    remote: remoteGrants,
    local: (store, config) =>
      grantCommands({
        ...actsOn(store),
        store: store.grants,
        holds: false,
        declared: () => declaredIn(config),
        publish: () => {}, // Nobody serves: the next start reads the store.
      }),
  });
