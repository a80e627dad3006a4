import { existsSync } from "node:fs";
import type { StoredOverride } from "../catalogue/port.ts";
import type { Where } from "../cli/ports.ts";
import { overrideCommands } from "../control/commands/overrides.ts";
import type { OverrideCommands, OverrideView } from "../control/contract.ts";
import { remoteOverrides } from "../control/socket-client.ts";
import { declaredIn } from "../serve/declared.ts";
import { placesIn } from "../store/open.ts";
import { account } from "./account.ts";
import { dataDirectory } from "./configuration.ts";
import { actsOn, openControl } from "./control.ts";
import type { From } from "./ports.ts";

/** What people say of tools, through the gateway that holds the data directory; where none does, on the store itself. */
export const openOverrides = async (
  from: From,
  where: Where,
): Promise<OverrideCommands & AsyncDisposable> => {
  const commands = await openControl<OverrideCommands>(from, where, {
    remote: remoteOverrides,
    local: (store, config) =>
      overrideCommands({
        ...actsOn(store),
        store: store.overrides,
        servers: () => declaredIn(config).servers,
        publish: () => {}, // Nobody serves: the next start reads the store.
      }),
  });
  const user = account();
  return {
    list: commands.list,
    override: (body) => commands.override({ ...body, ...user }),
    clear: (body) => commands.clear({ ...body, ...user }),
    [Symbol.asyncDispose]: () => commands[Symbol.asyncDispose](),
  };
};

/** The overrides of a data directory. Where nothing is kept yet there are none, and nothing is made to see that. */
export const overridesOf = async (from: From, where: Where): Promise<readonly StoredOverride[]> => {
  if (!existsSync(placesIn(dataDirectory(from.terminal.cwd, where)).grants)) {
    return [];
  }
  await using commands = await openOverrides(from, where);
  return (await commands.list()).overrides.map(overrideOf);
};

const overrideOf = ({ at, risk, ...view }: OverrideView): StoredOverride => ({
  ...view,
  risk: risk ?? undefined,
  at: Date.parse(at),
});
