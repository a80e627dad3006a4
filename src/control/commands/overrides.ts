import { z } from "zod";
import { clearOverrideBody, overrideBody, type OverrideCommands } from "../contract.ts";
import { handler, readBody, type ControlHandler } from "./handler.ts";
import { type OverrideDesk, viewOf } from "./override-desk.ts";
import { clearOverride, override } from "./override.ts";

/** What people say of tools, on one desk, as commands ask for it. */
export const overrideCommands = (desk: OverrideDesk): OverrideCommands => {
  const inTurn = turns();
  return {
    list: () => Promise.resolve({ overrides: desk.store.list().map(viewOf) }),
    override: (body) => inTurn(() => override(desk, readBody(overrideBody, body))),
    clear: (body) => inTurn(() => clearOverride(desk, readBody(clearOverrideBody, body))),
  };
};

/** One change after the other: what the record says was there before is what was there. */
const turns = (): (<T>(work: () => Promise<T>) => Promise<T>) => {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const next = last.then(work, work);
    last = next.catch(() => {});
    return next;
  };
};

/** The same as handlers of the control socket. */
export const overrideHandlers = (desk: OverrideDesk): Readonly<Record<string, ControlHandler>> => {
  const commands = overrideCommands(desk);
  return {
    "overrides.list": handler(z.strictObject({}), commands.list),
    "overrides.override": handler(overrideBody, commands.override),
    "overrides.clear": handler(clearOverrideBody, commands.clear),
  };
};
