import { systemClock } from "../base/clock.ts";
import { freezeHandlers } from "../control/commands/freezes.ts";
import type { FreezeDesk } from "../control/commands/freeze-desk.ts";
import { grantHandlers } from "../control/commands/grants.ts";
import type { ControlHandler } from "../control/commands/handler.ts";
import { overrideHandlers } from "../control/commands/overrides.ts";
import { createExpiry, createFlush } from "../control/commands/tend.ts";
import type { OverrideStore } from "../catalogue/port.ts";
import type { Store } from "../store/open.ts";
import { declaredIn } from "./declared.ts";
import { holdActs } from "./held-acts.ts";
import type { HeldFreezes } from "./held-freezes.ts";
import type { HeldGrants } from "./held-marks.ts";
import type { World } from "./world.ts";

export interface AdminParts {
  readonly store: Store;
  readonly freezes: HeldFreezes;
  readonly grants: HeldGrants;
  readonly overrides: OverrideStore;
  readonly world: World;
  /** Grants that are not in the configuration, because they have no token. */
  readonly pipes: readonly string[];
}

/** What commands can do in a gateway that runs. */
export interface Admin {
  readonly handlers: Readonly<Record<string, ControlHandler>>;
  /** What is due: freezes that have ended, acts that wait for the record. Throws nothing. */
  readonly sweep: () => Promise<void>;
}

export const openAdmin = ({ store, freezes, grants, overrides, world, pipes }: AdminParts): Admin => {
  const waiting = holdActs(store.waiting);
  const common = { ledger: store.journal, waiting, clock: systemClock, by: "local" };
  const freezeDesk: FreezeDesk = {
    ...common,
    store: freezes,
    holds: true,
    names: () => ({
      server: declaredIn(world.config).servers,
      grant: [...world.table.list(systemClock.now()).map(({ name }) => name), ...pipes],
      identity: world.config.identities.map(({ name }) => name),
    }),
    publish: () => world.publishFreezes(),
  };
  const expire = createExpiry(freezeDesk);
  const flush = createFlush(common);
  return {
    handlers: {
      ...freezeHandlers(freezeDesk),
      ...grantHandlers({
        ...common,
        store: grants,
        holds: true,
        declared: () => declaredIn(world.config),
        publish: () => world.publishGrants(),
      }),
      ...overrideHandlers({
        ...common,
        store: overrides,
        servers: () => declaredIn(world.config).servers,
        publish: () => world.publishOverrides(),
      }),
    },
    sweep: async () => {
      freezes.settle();
      grants.settle();
      expire();
      await flush();
    },
  };
};
