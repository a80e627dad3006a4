import type { SQLInputValue } from "node:sqlite";
import type { JournalLine } from "../../audit/port.ts";
import { isJsonObject, type Json, type JsonObject, member } from "../../base/json-value.ts";
import { parseRfc3339 } from "../../base/rfc3339.ts";
import { OUTCOME_COLUMNS } from "./records-schema.ts";

type Values = readonly SQLInputValue[];

/** What a batch of lines brings to the search copy. */
export interface Rows {
  /** Decisions with their outcome, where it is in the same batch. */
  readonly decisions: readonly Values[];
  /** Outcomes of decisions of earlier batches, each followed by the decision's id. */
  readonly outcomes: readonly Values[];
}

const NO_OUTCOME: Values = OUTCOME_COLUMNS.map(() => null);

/** Lines that are no decision and no outcome, or cannot be read, bring nothing: telling of those is `audit verify`'s. */
export const rowsOf = (lines: readonly JournalLine[]): Rows => {
  const decisions = new Map<string, { readonly decision: Values; outcome: Values }>();
  const outcomes: Values[] = [];
  for (const line of lines) {
    const record = recordOf(line);
    const id = record === undefined ? undefined : textOf(record, "id");
    if (record === undefined || typeof id !== "string") {
      continue;
    }
    const decided = decisions.get(id);
    if (textOf(record, "outcome") !== null && decided !== undefined) {
      decided.outcome = outcomeOf(record, line);
    } else if (textOf(record, "outcome") !== null) {
      outcomes.push([...outcomeOf(record, line), id]);
    } else if (textOf(record, "decision") !== null) {
      decisions.set(id, { decision: decisionOf(record, id, line), outcome: NO_OUTCOME });
    }
  }
  return {
    decisions: [...decisions.values()].map(({ decision, outcome }) => decision.concat(outcome)),
    outcomes,
  };
};

const recordOf = ({ text }: JournalLine): JsonObject | undefined => {
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
  return record === undefined ? null : textOf(record, name);
};

const textOf = (record: JsonObject, name: string): string | null => {
  const value = member(record, name);
  return typeof value === "string" ? value : null;
};

const numberOf = (record: JsonObject, name: string): number | null => {
  const value = member(record, name);
  return typeof value === "number" ? value : null;
};

const decisionOf = (record: JsonObject, id: string, { position }: JournalLine): Values => {
  const policy = member(record, "policy");
  return [
    id,
    parseRfc3339(textOf(record, "at") ?? "") ?? 0,
    textOf(record, "request_id") ?? "",
    textOf(record, "server"),
    textOf(record, "grant"),
    textOf(record, "identity"),
    textOf(record, "method"),
    textOf(record, "tool"),
    isJsonObject(policy) ? textOf(policy, "name") : null,
    textOf(record, "decision"),
    textOf(record, "code") ?? "",
    textOf(record, "rule"),
    member(record, "enforced") === false ? 0 : 1,
    position.segment,
    position.offset,
  ];
};

const outcomeOf = (record: JsonObject, { position }: JournalLine): Values => [
  textOf(record, "outcome"),
  wholeOf(record, "http_status"),
  numberOf(record, "duration_ms"),
  wholeOf(record, "result_bytes"),
  position.segment,
  position.offset,
];

/** A STRICT integer column takes no fraction. */
const wholeOf = (record: JsonObject, name: string): number | null => {
  const value = numberOf(record, name);
  return value === null ? null : Math.round(value);
};
