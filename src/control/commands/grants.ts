import { z } from "zod";
import { createGrantBody, grantNameBody, type GrantCommands } from "../contract.ts";
import { createGrant } from "./create-grant.ts";
import { listGrants, viewOf, type GrantDesk } from "./grant-desk.ts";
import { handler, readBody, type ControlHandler } from "./handler.ts";
import { revokeGrant } from "./revoke-grant.ts";
import { rotateGrant } from "./rotate-grant.ts";

/** The use-cases on one desk, as commands ask for them. */
export const grantCommands = (desk: GrantDesk): GrantCommands => ({
  list: () => Promise.resolve({ grants: listGrants(desk).map(viewOf) }),
  create: async (body) => createGrant(desk, readBody(createGrantBody, body)),
  rotate: async (body) => rotateGrant(desk, readBody(grantNameBody, body)),
  revoke: async (body) => revokeGrant(desk, readBody(grantNameBody, body)),
});

/** The same as handlers of the control socket. */
export const grantHandlers = (desk: GrantDesk): Readonly<Record<string, ControlHandler>> => ({
  "grants.list": handler(z.strictObject({}), async () => ({ grants: listGrants(desk).map(viewOf) })),
  "grants.create": handler(createGrantBody, (body) => createGrant(desk, body)),
  "grants.rotate": handler(grantNameBody, (body) => rotateGrant(desk, body)),
  "grants.revoke": handler(grantNameBody, (body) => revokeGrant(desk, body)),
  "grants.reload": handler(z.strictObject({}), async () => {
    await desk.publish();
    return {};
  }),
});
