import type { z } from "zod";
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
  create: (body) => createGrant(desk, body),
  rotate: (body) => rotateGrant(desk, body),
  revoke: (body) => revokeGrant(desk, body),
});

export type ControlHandler = (body: JsonObject) => Promise<JsonObject>;

/** The same as handlers of the control socket, whose bodies are not trusted to have their shape. */
export const grantHandlers = (desk: GrantDesk): Readonly<Record<string, ControlHandler>> => {
  const commands = grantCommands(desk);
  return {
    "grants.list": async () => plainObject(await commands.list()),
    "grants.create": async (body) => plainObject(await commands.create(readBody(createGrantBody, body))),
    "grants.rotate": async (body) => plainObject(await commands.rotate(readBody(grantNameBody, body))),
    "grants.revoke": async (body) => plainObject(await commands.revoke(readBody(grantNameBody, body))),
    "grants.reload": async () => {
      await desk.publish();
      return {};
    },
  };
};

const readBody = <T>(schema: z.ZodType<T>, body: JsonObject): T => {
  const parsed = schema.safeParse(toPlain(body));
  if (parsed.success) {
    return parsed.data;
  }
  const issue = parsed.error.issues[0];
  const where = issue === undefined || issue.path.length === 0 ? "" : `${issue.path.map(String).join(".")}: `;
  throw new ControlRefusal("invalid", `${where}${issue?.message ?? "not of the right shape"}`);
};
