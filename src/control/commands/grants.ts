import { z } from "zod";
import { toPlain } from "../../base/json-plain.ts";
import type { JsonObject } from "../../base/json-value.ts";
import { ControlRefusal, createGrantBody, grantNameBody, type GrantCommands } from "../contract.ts";
import { createGrant } from "./create-grant.ts";
import { listGrants, plainObject, viewOf, type GrantDesk } from "./grant-desk.ts";
import { revokeGrant } from "./revoke-grant.ts";
import { rotateGrant } from "./rotate-grant.ts";

/** The use-cases on one desk, as commands ask for them. */
export const grantCommands = (desk: GrantDesk): GrantCommands => ({
  list: () => Promise.resolve({ grants: listGrants(desk).map(viewOf) }),
  create: async (body) => createGrant(desk, readBody(createGrantBody, body)),
  rotate: async (body) => rotateGrant(desk, readBody(grantNameBody, body)),
  revoke: async (body) => revokeGrant(desk, readBody(grantNameBody, body)),
});

export type ControlHandler = (body: JsonObject) => Promise<JsonObject>;

/** The same as handlers of the control socket. */
export const grantHandlers = (desk: GrantDesk): Readonly<Record<string, ControlHandler>> => {
  const handler =
    <T>(schema: z.ZodType<T>, run: (body: T) => Promise<object>): ControlHandler =>
    async (body) =>
      plainObject(await run(readBody(schema, toPlain(body))));
  return {
    "grants.list": handler(z.strictObject({}), async () => ({ grants: listGrants(desk).map(viewOf) })),
    "grants.create": handler(createGrantBody, (body) => createGrant(desk, body)),
    "grants.rotate": handler(grantNameBody, (body) => rotateGrant(desk, body)),
    "grants.revoke": handler(grantNameBody, (body) => revokeGrant(desk, body)),
    "grants.reload": handler(z.strictObject({}), async () => {
      await desk.publish();
      return {};
    }),
  };
};

/** A body is not trusted to have its shape, whoever sends it. */
const readBody = <T>(schema: z.ZodType<T>, body: unknown): T => {
  const parsed = schema.safeParse(body);
  if (parsed.success) {
    return parsed.data;
  }
  const issue = parsed.error.issues[0];
  const where = issue === undefined || issue.path.length === 0 ? "" : `${issue.path.map(String).join(".")}: `;
  throw new ControlRefusal("invalid", `${where}${issue?.message ?? "not of the right shape"}`);
};
