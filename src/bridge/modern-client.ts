import { isJsonObject, member, type JsonObject } from "../base/json-value.ts";
import { having, without } from "./modern-frames.ts";
import { discoverResult as discoverWhole } from "./modern-translate.ts";

/** What the gate relays of a legacy server itself, without a channel of the bridge. */
export { capabilityAsked } from "./modern-asks.ts";
export { toLegacyRequest, toModernResponse } from "./modern-translate.ts";

/** `server/discover` without subscriptions, change notices and logging, for which there is no stream there. */
export const discoverResult = (hello: JsonObject): JsonObject => {
  const result = discoverWhole(hello);
  const capabilities = member(result, "capabilities");
  const kept = without(isJsonObject(capabilities) ? capabilities : {}, (name) => name === "logging");
  for (const [name, value] of Object.entries(kept)) {
    kept[name] = isJsonObject(value)
      ? without(value, (part) => part === "listChanged" || part === "subscribe")
      : value;
  }
  return having(result, { capabilities: kept });
};
