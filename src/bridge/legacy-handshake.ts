import { having, without } from "../base/json-change.ts";
import { bareObject, isJsonObject, member, type Json, type JsonObject } from "../base/json-value.ts";
import type { RequestFrame } from "../wire/frame.ts";
import { eraOf, isRevision, LATEST_LEGACY, LATEST_MODERN, META, type Revision } from "../wire/revisions.ts";

/** The tasks of the modern era are an extension (SEP-2663), those of the legacy eras another thing with the same name. */
const TASKS_EXTENSION = "io.modelcontextprotocol/tasks";

/** A legacy client as its `initialize` told of it. */
export interface LegacyClient {
  /** What is spoken with it. */
  readonly revision: Revision;
  /** Its capabilities as the modern revision writes them. */
  readonly capabilities: JsonObject;
  readonly info: JsonObject | undefined;
}

const partOf = (params: JsonObject | undefined, name: string): JsonObject | undefined => {
  const value = params === undefined ? undefined : member(params, name);
  return isJsonObject(value) ? value : undefined;
};

/** 2025-11-25 "Version Negotiation": the revision that is asked for, or the latest that can be offered. */
const negotiated = (asked: Json | undefined): Revision =>
  typeof asked === "string" && isRevision(asked) && eraOf(asked) === "legacy" ? asked : LATEST_LEGACY;

const CLIENT_PARTS: Readonly<Record<string, (value: JsonObject) => JsonObject>> = {
  // `notifications/roots/list_changed` is gone with the sessions that it was for.
  roots: (value) => without(value, "listChanged"),
  extensions: (value) => without(value, TASKS_EXTENSION),
};

const modernCapabilities = (capabilities: JsonObject): JsonObject => {
  const made = bareObject();
  for (const [name, value] of Object.entries(without(capabilities, "tasks"))) {
    if (isJsonObject(value)) {
      made[name] = Object.hasOwn(CLIENT_PARTS, name) ? (CLIENT_PARTS[name]?.(value) ?? value) : value;
    }
  }
  return made;
};

export const readClient = ({ params }: RequestFrame): LegacyClient => {
  const info = partOf(params, "clientInfo");
  // A modern server refuses an implementation without these two (2026-07-28 "Implementation").
  const told =
    info !== undefined &&
    typeof member(info, "name") === "string" &&
    typeof member(info, "version") === "string";
  return {
    revision: negotiated(params && member(params, "protocolVersion")),
    capabilities: modernCapabilities(partOf(params, "capabilities") ?? {}),
    info: told ? info : undefined,
  };
};

/** What each request says of the client (2026-07-28 "Per-request protocol fields"). */
export const metaOf = (client: LegacyClient, logLevel: string | undefined): JsonObject => ({
  [META.protocolVersion]: LATEST_MODERN,
  ...(client.info === undefined ? {} : { [META.clientInfo]: client.info }),
  [META.clientCapabilities]: client.capabilities,
  ...(logLevel === undefined ? {} : { [META.logLevel]: logLevel }),
});

/** Extensions need both sides (2026-07-28 "Extension Negotiation"): those that this client declared are left. */
const sharedExtensions = (offered: Json | undefined, client: LegacyClient): JsonObject => {
  const declared = partOf(client.capabilities, "extensions") ?? {};
  const kept = bareObject();
  for (const [name, settings] of Object.entries(isJsonObject(offered) ? offered : {})) {
    if (Object.hasOwn(declared, name)) {
      kept[name] = settings;
    }
  }
  return kept;
};

const legacyCapabilities = (offered: JsonObject, client: LegacyClient): JsonObject => {
  const extensions = sharedExtensions(member(offered, "extensions"), client);
  return {
    ...without(offered, "tasks", "extensions"),
    ...(Object.keys(extensions).length === 0 ? {} : { extensions }),
    // A modern server may log for each request that asks for it: `logging/setLevel` makes the bridge ask.
    logging: partOf(offered, "logging") ?? {},
  };
};

/** What a server is called that does not say its name, which a legacy client must be told. */
const UNNAMED: JsonObject = { name: "unnamed", version: "0" };

export const capabilitiesOf = (discovery: JsonObject): JsonObject => partOf(discovery, "capabilities") ?? {};

/** The answer to the client's `initialize`, from what the server said at `server/discover`. */
export const initializeResult = (discovery: JsonObject, client: LegacyClient): JsonObject => {
  const meta = partOf(discovery, "_meta") ?? {};
  const rest = without(meta, META.serverInfo);
  const instructions = member(discovery, "instructions");
  return having(
    {
      protocolVersion: client.revision,
      capabilities: legacyCapabilities(capabilitiesOf(discovery), client),
      serverInfo: partOf(meta, META.serverInfo) ?? UNNAMED,
    },
    {
      ...(typeof instructions === "string" ? { instructions } : {}),
      ...(Object.keys(rest).length === 0 ? {} : { _meta: rest }),
    },
  );
};
