import { isJsonObject, type Json, type JsonObject } from "../../base/json-value.ts";

/**
 * A line that the gate itself wrote, by the platform's own parser: in a quarter of the strict one's time. What a line
 * says twice is `audit verify`'s to find.
 */
export const parseOwn = (text: string): JsonObject | undefined => {
  try {
    const value: Json = JSON.parse(text);
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
};
