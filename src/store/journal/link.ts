import type { JournalLine } from "../../audit/port.ts";
import { type JsonObject, member } from "../../base/json-value.ts";
import { parseOwn } from "./parse.ts";

/** What a line says, for looking at; nothing for one that cannot be read. */
export const recordOf = ({ text }: JournalLine): JsonObject | undefined =>
  text === undefined ? undefined : parseOwn(text);

/** Hash of a line, which the next one names as the one before it. */
export const linkOf = (line: JournalLine, name: "prev" | "hash"): string | null => {
  const record = recordOf(line);
  const value = record === undefined ? undefined : member(record, name);
  return typeof value === "string" ? value : null;
};
