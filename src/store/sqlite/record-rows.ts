import type { SQLInputValue } from "node:sqlite";
import type { JournalLine } from "../../audit/port.ts";
import { isJsonObject, type JsonObject, member } from "../../base/json-value.ts";
import { parseRfc3339 } from "../../base/rfc3339.ts";
import { recordOf } from "../journal/link.ts";
import type { KindFacts } from "./kinds.ts";
import { OUTCOME_COLUMNS } from "./records-schema.ts";

type Values = readonly SQLInputValue[];

interface DecisionRow {
  readonly facts: KindFacts;
  readonly values: Values;
}

interface OutcomeRow {
  readonly outcome: string | null;
  readonly values: Values;
}

/** What a batch of lines brings to the search copy. */
export interface Rows {
  /** Decisions with their outcome, where it is in the same batch. */
  readonly decisions: readonly DecisionRow[];
  /** Outcomes of decisions of earlier batches. */
  readonly outcomes: readonly (OutcomeRow & { readonly id: string })[];
}

const NO_OUTCOME: OutcomeRow = { outcome: null, values: OUTCOME_COLUMNS.map(() => null) };

/** Lines that are no decision and no outcome, or cannot be read, bring nothing: telling of those is `audit verify`'s. */
export const rowsOf = (lines: readonly JournalLine[]): Rows => {
  const decisions = new Map<string, { readonly decision: DecisionRow; outcome: OutcomeRow }>();
  const outcomes: Rows["outcomes"][number][] = [];
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
      outcomes.push({ ...outcomeOf(record, line), id });
    } else if (textOf(record, "decision") !== null) {
      decisions.set(id, { decision: decisionOf(record, id, line), outcome: NO_OUTCOME });
    }
  }
  return {
    decisions: [...decisions.values()].map(({ decision: { facts, values }, outcome }) => ({
      facts: { ...facts, outcome: outcome.outcome },
      values: [...values, ...outcome.values],
    })),
    outcomes,
  };
};

const textOf = (record: JsonObject, name: string): string | null => {
  const value = member(record, name);
  return typeof value === "string" ? value : null;
};

const numberOf = (record: JsonObject, name: string): number | null => {
  const value = member(record, name);
  return typeof value === "number" ? value : null;
};

const decisionOf = (record: JsonObject, id: string, { position }: JournalLine): DecisionRow => {
  const policy = member(record, "policy");
  return {
    facts: {
      server: textOf(record, "server"),
      grant: textOf(record, "grant"),
      identity: textOf(record, "identity"),
      decision: textOf(record, "decision") ?? "",
      code: textOf(record, "code") ?? "",
      enforced: member(record, "enforced") !== false,
      outcome: null,
    },
    values: [
      id,
      parseRfc3339(textOf(record, "at") ?? "") ?? 0,
      textOf(record, "request_id") ?? "",
      textOf(record, "method"),
      textOf(record, "tool"),
      isJsonObject(policy) ? textOf(policy, "name") : null,
      textOf(record, "rule"),
      position.segment,
      position.offset,
    ],
  };
};

const outcomeOf = (record: JsonObject, { position }: JournalLine): OutcomeRow => ({
  outcome: textOf(record, "outcome"),
  values: [
    wholeOf(record, "http_status"),
    numberOf(record, "duration_ms"),
    wholeOf(record, "result_bytes"),
    position.segment,
    position.offset,
  ],
});

/** A STRICT integer column takes no fraction. */
const wholeOf = (record: JsonObject, name: string): number | null => {
  const value = numberOf(record, name);
  return value === null ? null : Math.round(value);
};
