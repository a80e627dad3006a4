import type { z } from "zod";
import { toPlain } from "../../base/json-plain.ts";
import type { JsonObject } from "../../base/json-value.ts";
import { ControlRefusal } from "../contract.ts";
import { plainObject } from "./acts.ts";

export type ControlHandler = (body: JsonObject) => Promise<JsonObject>;

/** A use-case as a handler of the control socket. */
export const handler =
  <T>(schema: z.ZodType<T>, run: (body: T) => Promise<object>): ControlHandler =>
  async (body) =>
    plainObject(await run(readBody(schema, toPlain(body))));

/** A body is not trusted to have its shape, whoever sends it. */
export const readBody = <T>(schema: z.ZodType<T>, body: unknown): T => {
  const parsed = schema.safeParse(body);
  if (parsed.success) {
    return parsed.data;
  }
  const issue = parsed.error.issues[0];
  const where = issue === undefined || issue.path.length === 0 ? "" : `${issue.path.map(String).join(".")}: `;
  throw new ControlRefusal("invalid", `${where}${issue?.message ?? "not of the right shape"}`);
};
