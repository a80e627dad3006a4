import { z } from "zod";
import { freezeBody, unfreezeBody, type FreezeCommands } from "../contract.ts";
import { freezesNow, viewOf, type FreezeDesk } from "./freeze-desk.ts";
import { freeze } from "./freeze.ts";
import { handler, readBody, type ControlHandler } from "./handler.ts";
import { unfreeze } from "./unfreeze.ts";

/** The kill switch on one desk, as commands ask for it. */
export const freezeCommands = (desk: FreezeDesk): FreezeCommands => ({
  list: () => Promise.resolve({ freezes: freezesNow(desk).map(viewOf) }),
  freeze: async (body) => freeze(desk, readBody(freezeBody, body)),
  unfreeze: async (body) => unfreeze(desk, readBody(unfreezeBody, body)),
});

/** The same as handlers of the control socket. */
export const freezeHandlers = (desk: FreezeDesk): Readonly<Record<string, ControlHandler>> => ({
  "freezes.list": handler(z.strictObject({}), () => freezeCommands(desk).list()),
  "freezes.freeze": handler(freezeBody, (body) => freeze(desk, body)),
  "freezes.unfreeze": handler(unfreezeBody, (body) => unfreeze(desk, body)),
});
