import { JsonError, readJson } from "../base/json-read.ts";
import {
  bareObject,
  isJsonArray,
  isJsonObject,
  member,
  type Json,
  type JsonObject,
} from "../base/json-value.ts";
import { nearest } from "../base/nearest.ts";
import { parseRfc3339 } from "../base/rfc3339.ts";

/** A call as `policy eval` and `policy test` write it (docs/policy.md). */
export interface WrittenCall {
  readonly tool: string;
  readonly args: JsonObject;
  readonly grant: string | undefined;
  readonly identity: { readonly name: string; readonly groups?: readonly string[] } | undefined;
  readonly session: string | undefined;
  readonly client: { readonly name: string; readonly version?: string } | undefined;
  /** Milliseconds since the epoch; absent where the call does not say. */
  readonly at: number | undefined;
}

/** Why a call cannot be read; one sentence. */
export class CallMalformed extends Error {
  override readonly name = "CallMalformed";
}

/** Reads one line of calls. Throws `CallMalformed`. */
export const readCallLine = (line: string): WrittenCall => {
  let value: Json;
  try {
    value = readJson(line);
  } catch (error) {
    if (error instanceof JsonError) {
      throw new CallMalformed(`column ${String(error.column)}: ${error.message}`);
    }
    throw error;
  }
  return readCall(value);
};

const FIELDS = ["tool", "arguments", "grant", "identity", "session", "client", "at"];

/** Reads a call. Throws `CallMalformed`. */
export const readCall = (value: Json): WrittenCall => {
  const call = objectOf(value, "a call", FIELDS);
  const tool = textOf(call, "tool");
  if (tool === undefined) {
    throw new CallMalformed("tool is missing");
  }
  return {
    tool,
    args: argumentsOf(call),
    grant: textOf(call, "grant"),
    identity: identityOf(call),
    session: textOf(call, "session"),
    client: clientOf(call),
    at: timeOf(call),
  };
};

const objectOf = (value: Json | undefined, what: string, fields: readonly string[]): JsonObject => {
  if (!isJsonObject(value)) {
    throw new CallMalformed(`${what} must be an object`);
  }
  for (const name of Object.keys(value)) {
    if (!fields.includes(name)) {
      const near = nearest(name, fields);
      const meant = near === undefined ? "" : `; did you mean ${near}?`;
      throw new CallMalformed(`${what} has an unknown field ${JSON.stringify(name)}${meant}`);
    }
  }
  return value;
};

const textOf = (object: JsonObject, name: string, of = ""): string | undefined => {
  const value = member(object, name);
  if (value !== undefined && typeof value !== "string") {
    throw new CallMalformed(`${of}${name} must be a string`);
  }
  return value;
};

const argumentsOf = (call: JsonObject): JsonObject => {
  const value = member(call, "arguments");
  if (value !== undefined && !isJsonObject(value)) {
    throw new CallMalformed("arguments must be an object");
  }
  return value ?? bareObject();
};

const identityOf = (call: JsonObject): WrittenCall["identity"] => {
  const value = member(call, "identity");
  if (value === undefined) {
    return undefined;
  }
  const identity = objectOf(value, "identity", ["name", "groups"]);
  const name = nameOf(identity, "identity");
  const groups = member(identity, "groups");
  if (groups === undefined) {
    return { name };
  }
  if (!isJsonArray(groups) || !groups.every((group) => typeof group === "string")) {
    throw new CallMalformed("identity.groups must be a list of strings");
  }
  return { name, groups };
};

const clientOf = (call: JsonObject): WrittenCall["client"] => {
  const value = member(call, "client");
  if (value === undefined) {
    return undefined;
  }
  const client = objectOf(value, "client", ["name", "version"]);
  const name = nameOf(client, "client");
  const version = textOf(client, "version", "client.");
  return version === undefined ? { name } : { name, version };
};

const nameOf = (object: JsonObject, of: string): string => {
  const name = textOf(object, "name", `${of}.`);
  if (name === undefined) {
    throw new CallMalformed(`${of}.name is missing`);
  }
  return name;
};

const timeOf = (call: JsonObject): number | undefined => {
  const at = textOf(call, "at");
  const time = at === undefined ? undefined : parseRfc3339(at);
  if (at !== undefined && time === undefined) {
    throw new CallMalformed("at must be an RFC 3339 time such as 2026-07-28T12:00:00Z");
  }
  return time;
};
