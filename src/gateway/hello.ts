import { having } from "../base/json-change.ts";
import {
  bareObject,
  isJsonArray,
  isJsonObject,
  member,
  type Json,
  type JsonObject,
} from "../base/json-value.ts";
import { LATEST_MODERN, META, REVISIONS } from "../wire/revisions.ts";

/** What a server said of itself, and its name here. */
export interface Hello {
  readonly server: string;
  readonly hello: JsonObject;
}

const LISTS = ["tools", "resources", "prompts"] as const;

/**
 * The capabilities of a server as its clients are told them. The gate itself says that a list changed, when a policy
 * alters what a grant sees, so every list that there is may change.
 */
const withListChanges = (capabilities: Json | undefined): JsonObject => {
  const told = having(isJsonObject(capabilities) ? capabilities : {}, {});
  for (const list of LISTS) {
    const known = told[list];
    if (isJsonObject(known)) {
      told[list] = having(known, { listChanged: true });
    }
  }
  return told;
};

/** What several servers can, taken together. */
const union = (all: readonly JsonObject[]): JsonObject => {
  const whole = bareObject();
  for (const part of all) {
    for (const [name, value] of Object.entries(part)) {
      const known = whole[name];
      whole[name] = isJsonObject(known) && isJsonObject(value) ? union([known, value]) : value;
    }
  }
  return whole;
};

const capabilitiesOf = (hellos: readonly Hello[]): JsonObject =>
  withListChanges(
    union(
      hellos.flatMap(({ hello }) => {
        const capabilities = member(hello, "capabilities");
        return isJsonObject(capabilities) ? [capabilities] : [];
      }),
    ),
  );

const instructionsOf = (hellos: readonly Hello[]): JsonObject => {
  const texts = hellos.flatMap(({ server, hello }) => {
    const instructions = member(hello, "instructions");
    return typeof instructions === "string" && instructions !== "" ? [`${server}: ${instructions}`] : [];
  });
  return texts.length === 0 ? {} : { instructions: texts.join("\n\n") };
};

/** An `initialize` result as the client of one server gets it. */
export const ownInitialize = (result: JsonObject): JsonObject =>
  having(result, { capabilities: withListChanges(member(result, "capabilities")) });

/** One answer to `initialize` for several servers: the oldest of the revisions that they agreed to, which all of them speak. */
export const mergedInitialize = (hellos: readonly Hello[], version: string): JsonObject => {
  const agreed = hellos.map(({ hello }) => member(hello, "protocolVersion"));
  const oldest = REVISIONS.find((revision) => agreed.includes(revision)) ?? agreed[0] ?? null;
  return {
    protocolVersion: oldest,
    capabilities: capabilitiesOf(hellos),
    serverInfo: { name: "tollgate", version },
    ...instructionsOf(hellos),
  };
};

/** What both the server and the gate speak; the modern revision in any case, for which the gate answers. */
const versionsOf = (hellos: readonly Hello[]): readonly string[] => {
  const spoken = new Set(
    hellos.flatMap(({ hello }) => {
      const versions = member(hello, "supportedVersions");
      return isJsonArray(versions) ? versions : [];
    }),
  );
  const others = REVISIONS.filter((revision) => revision !== LATEST_MODERN && spoken.has(revision));
  return [LATEST_MODERN, ...others];
};

/** `server/discover` of one server: narrowed to what both sides speak (2026-07-28 "Discovery"). */
export const ownDiscover = (hello: Hello): JsonObject =>
  having(hello.hello, {
    supportedVersions: versionsOf([hello]),
    capabilities: withListChanges(member(hello.hello, "capabilities")),
    cacheScope: "private",
  });

/** One answer to `server/discover` for several servers. */
export const mergedDiscover = (hellos: readonly Hello[], version: string): JsonObject => ({
  resultType: "complete",
  supportedVersions: versionsOf(hellos),
  capabilities: capabilitiesOf(hellos),
  ...instructionsOf(hellos),
  ttlMs: 0,
  cacheScope: "private",
  _meta: { [META.serverInfo]: { name: "tollgate", version } },
});
