import { readJson } from "../base/json-read.ts";
import {
  isJsonArray,
  isJsonObject,
  JsonNumber,
  member,
  type Json,
  type JsonObject,
} from "../base/json-value.ts";
import { writeJson } from "../base/json-write.ts";
import { parseRfc3339 } from "../base/rfc3339.ts";

/** A line of the record as commands see it: a decision, the outcome of one, or an administrative act. */
export interface AuditLine {
  /** As it is in the journal. */
  readonly text: string;
  readonly kind: "decision" | "outcome" | "act";
  readonly id: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly value: JsonObject;
}

/** `undefined` for a line that cannot be read: `audit verify` says what became of it. */
export const readAuditLine = (text: string | undefined): AuditLine | undefined => {
  const value = text === undefined ? undefined : tryRead(text);
  if (text === undefined || !isJsonObject(value)) {
    return undefined;
  }
  const kind =
    member(value, "outcome") !== undefined
      ? "outcome"
      : member(value, "act") === undefined
        ? "decision"
        : "act";
  return { text, kind, id: cell(value, "id"), at: parseRfc3339(cell(value, "at")) ?? 0, value };
};

const tryRead = (text: string): Json | undefined => {
  try {
    return readJson(text);
  } catch {
    return undefined;
  }
};

/** A member as text, an object as JSON; "" where there is none. Members of members by a dot: `client.name`. */
export const cell = (value: JsonObject, path: string): string => {
  let found: Json | undefined = value;
  for (const step of path.split(".")) {
    found = isJsonObject(found) ? member(found, step) : undefined;
  }
  return textOf(found);
};

const textOf = (value: Json | undefined): string => {
  if (value === undefined || value === null) {
    return "";
  }
  if (typeof value !== "object") {
    return String(value);
  }
  if (value instanceof JsonNumber) {
    return value.text;
  }
  return isJsonArray(value) ? value.map(textOf).join(" ") : writeJson(value);
};

/** Whether an outcome follows: the call was forwarded. */
export const isForwarded = ({ value }: AuditLine): boolean =>
  member(value, "decision") === "allow" || member(value, "enforced") === false;
