import { fromPlain } from "../../base/json-plain.ts";
import { isJsonObject, type JsonObject } from "../../base/json-value.ts";
import type { Plain } from "./result.ts";

/** Members that say nothing of what is refused. */
const ABOUT_ITSELF: ReadonlySet<string> = new Set(["version", "description", "mode"]);

/** What of a recommended policy somebody adds to their own. Nothing that it says opens what is closed there. */
export const additionOf = (policy: Plain | undefined): JsonObject | undefined => {
  const plain = fromPlain(policy ?? {});
  if (!isJsonObject(plain)) {
    return undefined;
  }
  const kept = Object.entries(plain).filter(
    ([name, value]) => !ABOUT_ITSELF.has(name) && !(name === "default" && value !== "deny"),
  );
  return kept.length === 0 ? undefined : Object.fromEntries(kept);
};
