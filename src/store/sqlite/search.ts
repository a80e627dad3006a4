import type { DatabaseSync, SQLInputValue } from "node:sqlite";
import type { RecordQuery, RecordRow } from "../../audit/port.ts";
import { LIMITS } from "../../base/limits.ts";
import { numberOf, type Row, textOf } from "./database.ts";

type Filter = (
  query: RecordQuery,
) => readonly [condition: string, ...values: readonly SQLInputValue[]] | undefined;

const equal =
  (column: string, name: "grant" | "identity" | "server" | "tool"): Filter =>
  ({ [name]: value }) =>
    value === undefined ? undefined : [`${column} = ?`, value];

/** The second condition of the rare values is the one their partial index was made with, which is how it is found. */
const FILTERS: readonly Filter[] = [
  ({ from }) => (from === undefined ? undefined : ["at >= ?", from]),
  ({ to }) => (to === undefined ? undefined : ["at < ?", to]),
  equal("grant_name", "grant"),
  equal("identity", "identity"),
  equal("server", "server"),
  equal("tool", "tool"),
  ({ decision }) =>
    decision === undefined
      ? undefined
      : [decision === "allow" ? "decision = ?" : "decision = ? AND decision <> 'allow'", decision],
  ({ code }) =>
    code === undefined
      ? undefined
      : [code === "allowed" ? "code = ?" : "code = ? AND code <> 'allowed'", code],
  ({ outcome }) => {
    if (outcome === undefined) {
      return undefined;
    }
    return outcome === "pending"
      ? ["outcome IS NULL AND (decision = 'allow' OR enforced = 0)"]
      : ["outcome = ?", outcome];
  },
  ({ before }) => (before === undefined ? undefined : ["(at, seq) < (?, ?)", before.at, before.seq]),
];

/** Newest first. */
export const searchRecords = (database: DatabaseSync, query: RecordQuery): readonly RecordRow[] => {
  const conditions: string[] = [];
  const values: SQLInputValue[] = [];
  for (const filter of FILTERS) {
    const [condition, ...given] = filter(query) ?? [];
    if (condition !== undefined) {
      conditions.push(condition);
      values.push(...given);
    }
  }
  const where = conditions.length === 0 ? "" : `WHERE ${conditions.join(" AND ")}`;
  const limit = Math.max(1, Math.min(LIMITS.search_rows_max, Math.floor(query.limit)));
  return database
    .prepare(`SELECT * FROM records ${where} ORDER BY at DESC, seq DESC LIMIT ?`)
    .all(...values, limit)
    .map(rowOf);
};

const rowOf = (row: Row): RecordRow => {
  const text = (name: string): string | null => textOf(row[name]) ?? null;
  const number = (name: string): number | null => numberOf(row[name]) ?? null;
  const [words, count] = [(name: string) => text(name) ?? "", (name: string) => number(name) ?? 0];
  return {
    seq: count("seq"),
    id: words("id"),
    at: count("at"),
    requestId: words("request_id"),
    server: text("server"),
    grant: text("grant_name"),
    identity: text("identity"),
    method: text("method"),
    tool: text("tool"),
    policy: text("policy"),
    decision: words("decision"),
    code: words("code"),
    rule: text("rule"),
    enforced: number("enforced") === 1,
    outcome: text("outcome"),
    httpStatus: number("http_status"),
    durationMs: number("duration_ms"),
    resultBytes: number("result_bytes"),
    position: { segment: count("segment"), offset: count("offset") },
    outcomePosition:
      text("outcome") === null
        ? null
        : { segment: count("outcome_segment"), offset: count("outcome_offset") },
  };
};
