import type { JournalLine } from "../../audit/port.ts";
import { isJsonObject, type Json, type JsonObject, member } from "../../base/json-value.ts";

/** What a line says, for looking at; nothing for one that cannot be read. */
export const recordOf = ({ text }: JournalLine): JsonObject | undefined => {
  try {
    // The platform's own parser: these lines are the gate's, and what they say twice is `audit verify`'s to find.
    const value: Json | undefined = text === undefined ? undefined : JSON.parse(text);
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
};

/** Hash of a line, which the next one names as the one before it. */
export const linkOf = (line: JournalLine, name: "prev" | "hash"): string | null => {
  const record = recordOf(line);
  const value = record === undefined ? undefined : member(record, name);
  return typeof value === "string" ? value : null;
};
